import { readFile, writeFile } from "node:fs/promises";
import { codeOf } from "@planet/errors";
import type { Context } from "../command.ts";
import { createGit, type Git } from "../git.ts";
import { type Probe, startProbe } from "../page/probe.ts";
import { readServed, type Served } from "../page/readServed.ts";
import type { Deployment } from "../stack/outputs.ts";
import { type PulumiReader, readPulumi, runPulumi } from "../stack/runPulumi.ts";
import { locksOfStack } from "../stack/stackLocks.ts";
import { confirm } from "./confirm.ts";
import { type CloudLook, lookAtCloud } from "./lookAtCloud.ts";

/** What the verbs that change a running planet need of the world. */
export interface OperationEdges extends PulumiReader {
  readonly run: typeof runPulumi;
  readonly git: (checkout: string) => Git;
  readonly startProbe: (url: string, requestsPerSecond: number) => Probe;
  readonly page: (url: string) => Promise<Served>;
  readonly cloud: (stack: string, of: Deployment, context: Context) => Promise<CloudLook>;
  readonly locks: typeof locksOfStack;
  /** Asks a yes-or-no question; refuses where nobody can answer. */
  readonly confirm: (question: string) => Promise<boolean>;
  /** Undefined when there is no such file. */
  readonly readText: (file: string) => Promise<string | undefined>;
  readonly writeText: (file: string, text: string) => Promise<void>;
  readonly sleep: (ms: number) => Promise<void>;
}

export const realOperationEdges: OperationEdges = {
  read: readPulumi,
  run: runPulumi,
  git: createGit,
  startProbe,
  page: readServed,
  cloud: lookAtCloud,
  locks: locksOfStack,
  confirm,
  readText: (file) =>
    readFile(file, "utf8").catch((error: unknown) => {
      if (codeOf(error) === "ENOENT") return undefined;
      throw error;
    }),
  writeText: (file, text) => writeFile(file, text),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};
