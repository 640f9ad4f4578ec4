/**
 * 0x80 to 0x9F of windows-1252 (WHATWG index; the five unassigned bytes stay C1 controls). TextDecoder of Node 20 returns
 * C1 controls for all of them; those of Node 18 and 24 are right. One table of our own serves all three.
 */
const HIGH =
  "\u20AC\u0081\u201A\u0192\u201E\u2026\u2020\u2021\u02C6\u2030\u0160\u2039\u0152\u008D\u017D\u008F" +
  "\u0090\u2018\u2019\u201C\u201D\u2022\u2013\u2014\u02DC\u2122\u0161\u203A\u0153\u009D\u017E\u0178";

/** Reads windows-1252, and with it Latin-1 as the world writes it. Every byte has a meaning, so this cannot fail. */
export function decodeWindows1252(bytes: Uint8Array): string {
  const latin1 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
  return latin1.replace(/[\u0080-\u009f]/g, (character) => HIGH.charAt(character.charCodeAt(0) - 0x80));
}
