/** The elements of HTML that have no end tag. */
const VOID = new Set("area base br col embed frame hr img input keygen link meta param source track wbr".split(" "));
const TAG = /<(\/?)(?:[a-z][\w.-]{0,50}:)?([a-z][\w.-]*)((?:[^<>"'/]|"[^"<]*"|'[^'<]*'|\/(?!>))*)(\/?)>/gi;

/**
 * XHTML as HTML: the two differ in what `<script/>` means. In HTML it would open an element and swallow the rest, and
 * `</br>` would be a second line break. HTML knows no prefixes.
 */
export function htmlOfXhtml(xhtml: string): string {
  return xhtml.replace(TAG, (_tag, slash: string, name: string, attributes: string, empty: string) => {
    const isVoid = VOID.has(name.toLowerCase());
    if (slash === "/") return isVoid ? "" : `</${name}>`;
    return empty === "/" && !isVoid ? `<${name}${attributes}></${name}>` : `<${name}${attributes}${empty}>`;
  });
}
