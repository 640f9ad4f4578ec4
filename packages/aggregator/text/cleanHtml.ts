import { escapeXml } from "./xml.ts";

export declare const cleanHtmlMark: unique symbol;

/**
 * HTML that can only show itself. Every output says which of its parts take this and which take text, so the compiler
 * notices text that would go out as markup, and markup that would be escaped twice.
 */
export type CleanHtml = string & { readonly [cleanHtmlMark]: true };

/** Only for the code that makes HTML clean: nothing is checked here. */
export const cleanHtml = (html: string): CleanHtml => html as CleanHtml;

/** Text as HTML. */
export const htmlOfText = (text: string): CleanHtml => cleanHtml(escapeXml(text));
