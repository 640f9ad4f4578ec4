/**
 * The `code` of whatever was thrown: a word such as "ENOENT" or one of ours, a number for a child's exit. Undefined when it
 * has none. Looks at the value only, because an error of another realm (a test's) is not an instance of our Error.
 */
export function codeOf(error: unknown): unknown {
  return typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
}
