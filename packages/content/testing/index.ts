/** For tests: what pages that are made from the code hold against docs/, where the words come from; certificates. */
export { requestedKey, TestAuthority } from "./certificates.ts";
export { expectParts, markdownTable } from "./documentPage.ts";
export { type Field, interfaceFields } from "./interfaceFields.ts";
