import { xmlCharacters } from "../text/xml.ts";

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
