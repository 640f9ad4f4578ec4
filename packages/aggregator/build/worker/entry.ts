import { isMainThread, parentPort, workerData } from "node:worker_threads";
import { type FailureCode, FetchError } from "../../fetch/errors.ts";
import { perform, type Task } from "./tasks.ts";

/** Marks a thread as ours, so that importing this file anywhere else does nothing. */
export const WORKER_ROLE = "planet-reader";

/** The first message of a thread: it has loaded its program, and begins with what is asked. */
export const READY = "ready";

/** An answer on the way back; errors cross the thread boundary as data, so their code is not lost. */
export type Reply =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly code: FailureCode; readonly message: string };

if (!isMainThread && (workerData as { role?: unknown } | null)?.role === WORKER_ROLE) {
  parentPort?.postMessage(READY);
  parentPort?.on("message", ({ id, task }: { id: number; task: Task }) => {
    perform(task).then(
      (result) => parentPort?.postMessage({ id, result } satisfies Reply),
      (error: unknown) => {
        const known = error instanceof FetchError;
        const code = known ? error.code : "worker";
        const message = known ? error.message : "the feed made the reader fail";
        parentPort?.postMessage({ id, code, message } satisfies Reply);
      },
    );
  });
}
