import type { PlanetConfig } from "@planet/content";
import { formatDate, isoDay, timeOfDay } from "./dateFormat.ts";
import { languageOf } from "./words/languages.ts";

/** What of planet.ini decides how dates are written. */
export type DateSettings = Pick<PlanetConfig, "locale" | "timezone" | "dateFormat" | "newDateFormat">;

/** A time as the page writes it. */
export const timeText = (time: number, settings: DateSettings): string =>
  formatDate(time, patternOf(settings), settings);

/** A day as the page writes it. */
export const dayText = (time: number, settings: DateSettings): string =>
  formatDate(time, settings.newDateFormat || languageOf(settings.locale).dates.newDateFormat, settings);

/** A month as the archive writes it, in UTC. */
export const monthText = (time: number, { locale }: DateSettings): string =>
  formatDate(time, languageOf(locale).dates.monthFormat, { locale, timezone: "UTC" });

/** A time below the heading of a day, which need not be said again. Empty when planet.ini wants no time of day. */
export function textBelowDay(time: number, day: string, settings: DateSettings): string {
  const whole = patternOf(settings);
  return formatDate(time, isoDay(time, settings.timezone) === day ? timeOfDay(whole) : whole, settings);
}

const patternOf = ({ dateFormat, locale }: DateSettings) => dateFormat || languageOf(locale).dates.dateFormat;
