import type { PlanetConfig } from "@planet/content";
import { logoOf } from "../render/logo.ts";
import { configOf } from "./bytes.ts";

/** What of the content the pages about the feeds need. */
export interface StatusStyle
  extends Pick<PlanetConfig, "link" | "locale" | "timezone" | "dateFormat" | "newDateFormat" | "reportAfter"> {
  /** As PageModel has it. */
  readonly logo: string;
}

/** When planet.ini cannot be used, the pages that say so must be readable. */
export function statusStyle(files: ReadonlyMap<string, Uint8Array>): StatusStyle {
  return { ...(configOf(files) ?? PLAIN_STYLE), logo: logoOf(files) };
}

export const PLAIN_STYLE: StatusStyle = {
  link: "",
  locale: "en",
  timezone: "UTC",
  dateFormat: "",
  newDateFormat: "",
  reportAfter: 7,
  logo: "",
};
