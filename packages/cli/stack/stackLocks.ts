import { join } from "node:path";
import { messageOf } from "@planet/errors";
import { MissingCredentialsError } from "@planet/eucalyptus-client";
import { readProjectFile } from "@planet/toolchain";
import type { Context } from "../command.ts";
import type { Unreadable } from "../text/unreadable.ts";
import { parseBackend } from "./backend.ts";
import { type Lock, readLocks } from "./locks.ts";
import { quietEnvironment } from "./quietEnvironment.ts";

/** Who is working on the stack. `unknown`: the backend is one that we cannot look into, or its keys are not ours. */
export async function locksOfStack(stack: string, context: Context): Promise<readonly Lock[] | "unknown" | Unreadable> {
  const { checkout } = context;
  const environment = await quietEnvironment(stack, context);
  const backend = parseBackend(environment.PULUMI_BACKEND_URL ?? "", checkout);
  try {
    return (await readLocks(backend, { project: projectOf(checkout), stack }, environment)) ?? "unknown";
  } catch (error) {
    if (error instanceof MissingCredentialsError) return "unknown"; // the CLI may have them from elsewhere
    return { unreadable: messageOf(error) };
  }
}

/** The CLI has read the file before us: it is there and has a name. */
export function projectOf(checkout: string): string {
  return readProjectFile(join(checkout, "Pulumi.yaml")).name ?? "";
}
