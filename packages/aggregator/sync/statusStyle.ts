import type { PlanetConfig } from "@planet/content";

/** What of planet.ini the pages about the feeds need. */
export type StatusStyle = Pick<
  PlanetConfig,
  "link" | "locale" | "timezone" | "dateFormat" | "newDateFormat" | "reportAfter"
>;

/** When planet.ini cannot be used: the pages that say so must be readable. */
export const PLAIN_STYLE: StatusStyle = {
  link: "",
  locale: "en",
  timezone: "UTC",
  dateFormat: "",
  newDateFormat: "",
  reportAfter: 7,
};
