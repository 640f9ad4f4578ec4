import { queryAction } from "../wire/queryAction.ts";
import type { World } from "../world/world.ts";
import { invalidConfiguration } from "./errors.ts";
import { balancerNamed, healthCheckItem } from "./shared.ts";
import type { HealthCheck } from "./types.ts";

const LEAST_INTERVAL = 5;
const MOST_INTERVAL = 120;
const LEAST_THRESHOLD = 2;

/** What a check asks of a server. */
export interface CheckTarget {
  readonly protocol: "HTTP" | "HTTPS" | "TCP" | "SSL";
  readonly port: number;
  /** Empty for TCP and SSL. */
  readonly path: string;
}

/** All five are required, and checked before the name. */
export const configureHealthCheck = queryAction({
  name: "ConfigureHealthCheck",
  basis: "observed",
  params: {
    LoadBalancerName: "string",
    HealthCheck: {
      Target: "string",
      Interval: "int",
      Timeout: "int",
      UnhealthyThreshold: "int",
      HealthyThreshold: "int",
    },
  },
  needs: ["HealthCheck"],

  run(world, { LoadBalancerName, HealthCheck: given }) {
    if (!given) throw invalidConfiguration("health check is required");
    const healthCheck: HealthCheck = {
      target: upperPrefix(given.Target),
      interval: given.Interval,
      timeout: given.Timeout,
      unhealthyThreshold: given.UnhealthyThreshold,
      healthyThreshold: given.HealthyThreshold,
    };
    checkTarget(given.Target);
    checkNumbers(world, healthCheck);
    const balancer = balancerNamed(world, LoadBalancerName);
    balancer.healthCheck = healthCheck;
    // The worker starts over with every server, none of them in service; what it has said stays until it says something else.
    return { HealthCheck: healthCheckItem(healthCheck) };
  },
});

function upperPrefix(target: string): string {
  return target.replace(/^[a-z]+/i, (protocol) => protocol.toUpperCase());
}

/** Undefined for what is not a target. */
export function parsedTarget(text: string): CheckTarget | undefined {
  const web = /^(HTTPS?):(\d{1,5})(\/.*)$/s.exec(text);
  const plain = /^(TCP|SSL):(\d{1,5})$/.exec(text);
  const [, protocol, port, path = ""] = web ?? plain ?? [];
  if (protocol === undefined || Number(port) < 1 || Number(port) > 65_535) return undefined;
  return { protocol: protocol as CheckTarget["protocol"], port: Number(port), path };
}

function checkTarget(text: string): void {
  const target = upperPrefix(text);
  if (!/^(?:HTTPS?|TCP|SSL)(?![A-Z])/.test(target)) {
    throw invalidConfiguration("target must starts with one of HTTP, HTTPS, TCP, SSL");
  }
  if (parsedTarget(target)) return;
  throw invalidConfiguration(
    /^HTTP/.test(target) ? "Port and Path must be specified for HTTP" : "Invalid target specified",
  );
}

function checkNumbers(world: World, { interval, timeout, unhealthyThreshold, healthyThreshold }: HealthCheck): void {
  if (interval < LEAST_INTERVAL) throw invalidConfiguration("Interval must be longer than 5 seconds");
  if (interval > MOST_INTERVAL && world.state.version !== "4.4") {
    throw invalidConfiguration("Interval must be smaller than 120 seconds");
  }
  if (timeout < 0) throw invalidConfiguration("Timeout must be larger than 0");
  if (unhealthyThreshold < LEAST_THRESHOLD) throw invalidConfiguration("Unhealthy thresholds must be larger than 2");
  if (healthyThreshold < LEAST_THRESHOLD) throw invalidConfiguration("Healthy thresholds must be larger than 2");
}
