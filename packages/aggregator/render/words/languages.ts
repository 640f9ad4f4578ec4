import { ar } from "./ar.ts";
import { de, deAt } from "./de.ts";
import { en } from "./en.ts";
import { es } from "./es.ts";
import { fr } from "./fr.ts";
import { ja } from "./ja.ts";
import { pt } from "./pt.ts";
import type { DateWords, Language } from "./types.ts";
import { zh } from "./zh.ts";

const LANGUAGES: ReadonlyMap<string, Language> = new Map(
  Object.entries({ ar, de, "de-at": deAt, en, es, fr, ja, pt, zh }),
);

function known(locale: string): Language | undefined {
  const tag = locale.toLowerCase();
  return LANGUAGES.get(tag) ?? LANGUAGES.get(tag.replace(/-.*$/s, ""));
}

/** The words for a locale (BCP 47). A language that the pages do not speak gets English ones. */
export const languageOf = (locale: string): Language => known(locale) ?? en;

/** Undefined for a language that the pages do not speak: Intl knows its months. */
export const dateWordsOf = (locale: string): DateWords | undefined => known(locale)?.dates;

const RIGHT_TO_LEFT = /^(?:ar|arc|ckb|dv|fa|he|ks|ps|sd|ug|ur|yi)(?:-|$)/i;

/** Of a locale or a language tag. */
export const directionOf = (locale: string): "rtl" | "ltr" => (RIGHT_TO_LEFT.test(locale) ? "rtl" : "ltr");

/** For `lang`. English pages are nobody's English in particular. */
export const languageTag = (locale: string): string => (/^en(?:-|$)/i.test(locale) ? "en" : locale);
