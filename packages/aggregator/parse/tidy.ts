/** Characters outside XML 1.0 `Char`, lone surrogates included. feedsmith lets them through, our atom.xml must not. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const NOT_XML =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

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
