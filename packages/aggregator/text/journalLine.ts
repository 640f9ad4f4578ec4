import { withoutPasswords } from "./withoutPasswords.ts";

/** C0, C1, and what turns or hides the text around it. */
const INVISIBLE = /[\p{Cc}\p{Zl}\p{Zp}\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+/gu;

/**
 * One line of the journal. Feeds, a planet.ini and a manifest write into it: a line break of theirs would begin a line that
 * looks like the server's own, such as `planet: READY`.
 */
export const journalLine = (text: string): string => withoutPasswords(text.replace(INVISIBLE, " "));
