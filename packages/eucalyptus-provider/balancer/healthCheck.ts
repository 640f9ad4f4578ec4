import { type HealthCheck, isSameCheck } from "@planet/eucalyptus-client";
import { isMap, type Value } from "@planet/pulumi-plugin";

const NAMES = ["healthyThreshold", "interval", "target", "timeout", "unhealthyThreshold"] as const;
const LIMITS = {
  healthyThreshold: [2, 1000],
  interval: [5, 120],
  timeout: [0, 120],
  unhealthyThreshold: [2, 1000],
} as const;

/** Reason why the cloud would refuse the check. Source: Corymbia/eucalyptus `LoadBalancingService.java`; seen on 5.1.0. */
export function problemWithCheck(value: Value): string | undefined {
  const check = isMap(value) ? value : {};
  const unknown = Object.keys(check).find((name) => !NAMES.some((known) => known === name));
  if (unknown !== undefined) return `has ${unknown}, which is not known here; remove it`;
  const target = String(check.target ?? "");
  if (!/^(HTTPS?:\d{1,5}\/.*|(TCP|SSL):\d{1,5})$/i.test(target)) {
    return `has the target "${target}"; it must be such as HTTP:80/path or TCP:80`;
  }
  for (const name of ["healthyThreshold", "interval", "timeout", "unhealthyThreshold"] as const) {
    const [least, most] = LIMITS[name];
    const number = check[name];
    if (!Number.isInteger(number) || Number(number) < least || Number(number) > most) {
      return `${name} must be a whole number from ${least} to ${most}`;
    }
  }
  return undefined;
}

/** A value that {@link problemWithCheck} has let through. */
export function checkFrom(value: Value | undefined): HealthCheck | undefined {
  if (!isMap(value)) return undefined;
  const number = (name: string) => Number(value[name]);
  return {
    target: String(value.target),
    interval: number("interval"),
    timeout: number("timeout"),
    unhealthyThreshold: number("unhealthyThreshold"),
    healthyThreshold: number("healthyThreshold"),
  };
}

export function sameCheck(old: Value, now: Value): boolean {
  const [one, other] = [checkFrom(old), checkFrom(now)];
  return one !== undefined && other !== undefined && isSameCheck(one, other);
}
