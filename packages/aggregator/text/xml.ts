/** Characters outside XML 1.0 `Char`, lone surrogates included. feedsmith lets them through, our atom.xml must not. */
const NOT_XML = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

/** The references that XML knows without a DTD. */
export const XML_REFERENCES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

/** The same text with every character that XML cannot hold replaced by U+FFFD. */
export function xmlCharacters(text: string): string {
  return text.replace(NOT_XML, "\uFFFD");
}

/** Text made fit for element content and double-quoted attributes of XML and HTML. */
export function escapeXml(text: string): string {
  return xmlCharacters(text).replace(/[&<>"]/g, (character) => XML_REFERENCES[character] ?? character);
}
