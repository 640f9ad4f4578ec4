import type { TextConstruct } from "./types.ts";

/** What every adapter needs to know about the document around its values. */
export interface Surroundings {
  /** URL the document finally came from. */
  readonly url: string;
  readonly now: number;
}

/** First value that says something. */
export function firstOf(...values: readonly (string | undefined)[]): string | undefined {
  return values.find((value) => value !== undefined && value.trim() !== "")?.trim();
}

/** An absolute http(s) URL, or undefined. User names and passwords are dropped. */
export function httpUrl(value: string | undefined, base: string): string | undefined {
  const text = value?.trim();
  if (text === undefined || text === "") return undefined;
  try {
    const url = new URL(text, base);
    if (url.protocol !== "http:" && url.protocol !== "https:") return undefined;
    url.username = "";
    url.password = "";
    return url.href;
  } catch {
    return undefined; // not a URL
  }
}

/** The next inner base: each `xml:base` is resolved against the one around it. */
export function innerBase(base: string, ...inner: readonly (string | undefined)[]): string {
  return inner.reduce<string>((outer, next) => httpUrl(next, outer) ?? outer, base);
}

/** A text construct, or undefined for an empty one. A CDATA section that was itself escaped is unwrapped. */
export function text(kind: "text" | "html", value: string | undefined, base?: string): TextConstruct | undefined {
  const trimmed = value?.trim() ?? "";
  const isWrapped = trimmed.startsWith("<![CDATA[") && trimmed.endsWith("]]>");
  const inner = isWrapped ? trimmed.slice(9, -3).trim() : trimmed;
  return inner === "" ? undefined : { kind, value: inner, base };
}

/** The first value that is a language tag; `en_US` is meant as one. */
export function languageTag(...values: readonly (string | undefined)[]): string | undefined {
  return values
    .map((value) => value?.trim().slice(0, 100).replaceAll("_", "-") ?? "")
    .find((tag) => /^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*$/.test(tag));
}

/** First construct that is there. */
export function firstText(...values: readonly (TextConstruct | undefined)[]): TextConstruct | undefined {
  return values.find((value) => value !== undefined);
}

const PERIOD_MS: Readonly<Record<string, number>> = {
  hourly: 3_600_000,
  daily: 86_400_000,
  weekly: 604_800_000,
  monthly: 2_592_000_000,
  yearly: 31_536_000_000,
};

/** `ttl` (minutes) or `sy:updatePeriod` by `sy:updateFrequency`, whichever is longer. */
export function waitMs(
  ttlMinutes: number | undefined,
  sy: { updatePeriod?: string | undefined; updateFrequency?: number | undefined } | undefined,
): number | undefined {
  const period = PERIOD_MS[sy?.updatePeriod?.trim().toLowerCase() ?? ""] ?? 0;
  const wait = Math.max((ttlMinutes ?? 0) * 60_000, period / Math.max(1, sy?.updateFrequency ?? 1));
  return wait > 0 ? wait : undefined;
}
