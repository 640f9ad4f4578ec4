import type { WorkerListener, WorkerServer } from "../worker.ts";
import type { ServerPlace } from "./connectServer.ts";

/** What one process of HAProxy was started with. A reload makes another one; connections stay with theirs. */
export class Generation {
  readonly listeners: readonly WorkerListener[];
  /** Milliseconds without a byte until a connection is closed. */
  readonly idleMs: number;
  /** Whether another one has taken its place. */
  isOld = false;
  readonly #servers: readonly WorkerServer[];
  #turn = 0;

  /** @param servers those that are in service */
  constructor(listeners: readonly WorkerListener[], servers: readonly WorkerServer[], idleSeconds: number) {
    this.listeners = listeners;
    this.idleMs = idleSeconds * 1000;
    this.#servers = servers;
  }

  /** Strictly in turn; absent when none is in service. */
  nextServer({ instancePort: port }: WorkerListener): ServerPlace | undefined {
    const server = this.#servers[this.#turn % Math.max(this.#servers.length, 1)];
    this.#turn += 1;
    return server && { address: server.address, port, isOpen: server.openPorts.includes(port) };
  }
}
