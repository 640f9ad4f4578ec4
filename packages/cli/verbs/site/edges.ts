import type { Answer } from "@planet/aggregator";
import { sampleAnswer } from "@planet/local-cloud";

/** What the site verbs need of the world. */
export interface SiteEdges {
  /** Answers that this machine has itself; undefined: the web is asked. */
  readonly answerFor: (url: URL, headers: Readonly<Record<string, string>>) => Answer | undefined;
  readonly clock: () => Date;
  /** Whether somebody watches stderr. */
  readonly isWatched: boolean;
  /** Resolves when the user wants an end: Ctrl-C. */
  readonly stopped: () => Promise<void>;
  /** Ends the program at once, whatever it waits for: a slow feed must not hold it. */
  readonly leave: (code: number) => void;
}

export const realSiteEdges: SiteEdges = {
  answerFor: sampleAnswer,
  clock: () => new Date(),
  isWatched: process.stderr.isTTY,
  // The listeners stay: Ctrl-C reaches a process twice, by the terminal and by `npx`.
  stopped: () =>
    new Promise((resolve) => {
      for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => resolve());
    }),
  leave: (code) => process.exit(code),
};
