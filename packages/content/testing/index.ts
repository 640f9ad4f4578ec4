/** For tests of pages that are made from the code: what they hold against docs/, and where the words come from. */
export { expectParts, markdownTable } from "./documentPage.ts";
export { type Field, interfaceFields } from "./interfaceFields.ts";
