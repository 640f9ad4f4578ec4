import type { ReportedState } from "../types.ts";
import type { WorkerSettings } from "../worker.ts";

/** From the daemon to a worker. A socket that listens, or one that came in while it did not yet, goes with it. */
export type ToWorker =
  | { readonly kind: "settings"; readonly settings: WorkerSettings }
  | { readonly kind: "listening"; readonly port: number }
  | { readonly kind: "connection"; readonly port: number };

/** From a worker to the daemon. Ports below 1024 are not the worker's to open. */
export type FromWorker =
  | { readonly kind: "listen"; readonly ports: readonly number[] }
  | { readonly kind: "states"; readonly states: readonly (readonly [instanceId: string, state: ReportedState])[] };
