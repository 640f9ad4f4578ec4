/** Characters outside XML 1.0 `Char`, lone surrogates included. feedsmith lets them through, our atom.xml must not. */
const NOT_XML = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

/** The same text with every character that XML cannot hold replaced by U+FFFD. */
export function xmlCharacters(text: string): string {
  return text.replace(NOT_XML, "\uFFFD");
}

/**
 * Prepares a document for parsing. The internal DTD subset goes: nothing expands what it declares, and external
 * declarations make the parser refuse the document.
 */
export function tidyDocument(text: string): string {
  return xmlCharacters(text)
    .replace(/^\uFEFF/, "")
    .replace(/<!DOCTYPE\s[^[>]{0,2000}\[[\s\S]{0,200000}?\]\s*>/i, "")
    .replace(/<!DOCTYPE\s[^[>]{0,2000}>/i, "");
}
