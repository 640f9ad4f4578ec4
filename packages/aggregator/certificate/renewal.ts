import type { CertificateFacts } from "@planet/content";
import type { RenewalWindow } from "./acme/renewalWindow.ts";

type Facts = Pick<CertificateFacts, "notBefore" | "notAfter" | "fingerprint">;

/**
 * When to renew: a third of the lifetime before its end, a little later by the certificate's own chance, so that not all planets
 * come at once; or in the window that the authority asks for, at a point by the same chance. With a sixth left in any case.
 */
export function renewAt(facts: Facts, window?: Pick<RenewalWindow, "start" | "end">): Date {
  const [from, to] = [Date.parse(facts.notBefore), Date.parse(facts.notAfter)];
  const lifetime = to - from;
  const chance = Number.parseInt(facts.fingerprint.slice(0, 8), 16) / 2 ** 32;
  const latest = lateAt(facts).getTime();
  const [start, end] = window
    ? [window.start.getTime(), window.end.getTime()]
    : [to - lifetime / 3, to - (lifetime * 3) / 10];
  return new Date(Math.min(start + (end - start) * chance, latest));
}

/** From when on it is a problem that nothing has renewed the certificate: a sixth of its lifetime is left. */
export function lateAt({ notBefore, notAfter }: Pick<CertificateFacts, "notBefore" | "notAfter">): Date {
  const [from, to] = [Date.parse(notBefore), Date.parse(notAfter)];
  return new Date(to - (to - from) / 6);
}
