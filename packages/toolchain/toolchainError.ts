/** The CLI or its stack could not be had, in a way that its user can mend; the message says what, why and what next. */
export class ToolchainError extends Error {
  override readonly name = "ToolchainError";
}
