/** What a verb may use of the world; tests hand in their own. */
export interface Context {
  /** Folder of Pulumi.yaml. */
  readonly checkout: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Results, to stdout. */
  readonly out: (text: string) => void;
  /** Progress and problems, to stderr. */
  readonly err: (text: string) => void;
}

/** One verb of `planet`. */
export interface Command {
  readonly name: string;
  /** One line for `planet --help`. */
  readonly summary: string;
  readonly usage: string;
  /** @returns the exit code: 0 done, 1 failed with nothing visible changed, 2 usage, 3 failed half-way (says what remains). */
  run(argv: string[], context: Context): Promise<number>;
}

/** The operator typed something that cannot be meant; the message says what can. */
export class UsageError extends Error {}

/** Something failed in a way that needs no stack trace: the message says what, why and what next. */
export class OperatorError extends Error {
  readonly exitCode: 1 | 3;

  constructor(message: string, exitCode: 1 | 3 = 1, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}
