import type { IncomingHttpHeaders } from "node:http";

/** One header as text; lists are joined, an absent one is "". */
export function header(headers: IncomingHttpHeaders, name: string): string {
  const value = headers[name.toLowerCase()];
  return Array.isArray(value) ? value.join(",") : (value ?? "");
}

/** A date header, or undefined when absent or not a date. */
export function dateHeader(headers: IncomingHttpHeaders, name: string): Date | undefined {
  const date = new Date(header(headers, name));
  return Number.isNaN(date.getTime()) ? undefined : date;
}
