import type { HealthCheck, ReportedState } from "./types.ts";

/** A load balancer as its worker knows it. */
export interface WorkerSettings {
  readonly listeners: readonly WorkerListener[];
  readonly servers: readonly WorkerServer[];
  readonly healthCheck: HealthCheck | undefined;
  /** Seconds, 1 to 3600. */
  readonly idleTimeout: number;
  /** Whether every check fails, as in a network that is lost. */
  readonly isCutOff: boolean;
  /** How many times faster the checks come; what a connection may take is not changed. */
  readonly clockFactor: number;
}

export interface WorkerListener {
  readonly mode: "http" | "tcp";
  readonly port: number;
  readonly instancePort: number;
}

export interface WorkerServer {
  readonly instanceId: string;
  readonly address: string;
  /** Ports of it that the balancer may reach, by its security groups; others do not answer. */
  readonly openPorts: readonly number[];
}

/** What makes a load balancer's traffic and checks. */
export interface BalancerWorker {
  /** Takes effect at once. */
  apply(settings: WorkerSettings): void;
  /** What the checks say of each server; one that was not checked yet is not in it. */
  states(): ReadonlyMap<string, ReportedState>;
  /** Ended by itself. */
  readonly hasEnded: boolean;
  end(): void;
}

/** Starts workers. */
export interface WorkerHost {
  start(name: string, address: string): BalancerWorker;
}

/** Workers in word only, for the API alone: every server is in service. */
export const wordOnlyWorkers: WorkerHost = {
  start() {
    let current: WorkerSettings | undefined;
    return {
      apply: (settings) => {
        current = settings;
      },
      states: () =>
        new Map(
          (current?.servers ?? []).map(({ instanceId }): [string, ReportedState] => [
            instanceId,
            current?.isCutOff ? "OutOfService" : "InService",
          ]),
        ),
      hasEnded: false,
      end: () => {},
    };
  },
};
