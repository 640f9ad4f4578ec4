import { ExplainedError } from "@planet/errors";

/** Something about the CLI, its stack or the program it runs that the user can fix. */
export class ToolchainError extends ExplainedError {}
