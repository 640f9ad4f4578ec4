/** Characters outside XML 1.0 `Char`. feedsmith lets them through, our atom.xml must not. */
const NOT_XML = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;
/** Vertical tab, form feed and the four separators of ASCII. */
const SPACES = new Set([..."\v\f\u001c\u001d\u001e\u001f"]);
const SURROGATE = /[\ud800-\udfff]/;

/** The references that XML knows without a DTD. */
export const XML_REFERENCES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

/**
 * The same text without what XML cannot hold. Controls that separate are spaces and the others, which editors paste along,
 * are nothing; half a character is U+FFFD.
 */
export function xmlCharacters(text: string): string {
  return text.replace(NOT_XML, (character) => {
    if (SURROGATE.test(character)) return "\uFFFD";
    return SPACES.has(character) ? " " : "";
  });
}

/** Text made fit for element content and double-quoted attributes of XML and HTML. */
export function escapeXml(text: string): string {
  return xmlCharacters(text).replace(/[&<>"]/g, (character) => XML_REFERENCES[character] ?? character);
}
