import { readFileSync } from "node:fs";

/**
 * The built-in theme, for content that brings no files of its own.
 *
 * - `base.css` is the whole look: one column on a phone, two on a desk, nothing wider than the window, no entry painting
 *   outside its box; paper and ink, one accent, serif for reading and sans for finding. It is always linked, before
 *   planet.css, so a skin of a few lines is enough: it says only what is different.
 * - `planet.css` changes nothing; it shows what a planet.css of one's own can say.
 * - `index.html.liquid` is the page. Its text is in reading order: planet, entries by day, subscriptions. It has no script,
 *   and loads nothing from other servers but the pictures inside entries. With the variable `here` (subPage.ts) it is any page
 *   but the front page; what is special about the others is in the piece `months.liquid` and in titleList.ts.
 * - `mark.liquid` is the picture beside the name of a planet without a logo.
 * - `titles_only.html.liquid` has titles without texts, one line each: for scanning, and for the slowest connections.
 * - `favicon.ico`, a ringed planet, is 32 × 32 pixels of 32 bits. Browsers ask for it whatever the page says.
 * - `icon.png` is the same in 512 × 512, for home screens and social cards.
 */
export const THEME_FILES = [
  "base.css",
  "favicon.ico",
  "icon.png",
  "index.html.liquid",
  "mark.liquid",
  "months.liquid",
  "planet.css",
  "titles_only.html.liquid",
] as const;

export type ThemeFile = (typeof THEME_FILES)[number];

/** Reads the file beside this module. The bundle has the files inside: bundle.ts replaces this module. */
export function themeFile(name: ThemeFile): Uint8Array {
  return readFileSync(new URL(name, import.meta.url));
}
