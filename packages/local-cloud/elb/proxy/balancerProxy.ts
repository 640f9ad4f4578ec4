import type { Server as HttpServer } from "node:http";
import type { Socket } from "node:net";
import type { ReportedState } from "../types.ts";
import type { WorkerListener, WorkerSettings } from "../worker.ts";
import { Generation } from "./generation.ts";
import { HealthLoops } from "./healthLoops.ts";
import { createHttpFrontend } from "./httpFrontend.ts";
import { passOn } from "./tcpFrontend.ts";

/** The worker's updater looks so often, by a real worker's clock. */
const UPDATE_MS = 1_000;
const SHORTEST_UPDATE_MS = 20;

export interface ProxyEffects {
  /** Makes the ports that are listened on equal to these. */
  readonly listen: (ports: readonly number[]) => void;
  readonly onStates: (states: ReadonlyMap<string, ReportedState>) => void;
}

/**
 * The habits of a load balancer's worker: checks, and an HAProxy that is reloaded when what is in service has changed. A connection stays
 * with the generation that accepted it, so an old one still gets one answer from the old servers.
 * Source: Corymbia/load-balancer-servo `main_loop.py`, `haproxy_conf.py`; observed on HAProxy 1.5.18, 2026-11-28.
 */
export class BalancerProxy {
  readonly #effects: ProxyEffects;
  readonly #health = new HealthLoops(() => this.#effects.onStates(this.#health.states()));
  #settings: WorkerSettings | undefined;
  #generation = new Generation([], [], 60);
  #frontends = new Map<number, HttpServer>();
  #written = "";
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(effects: ProxyEffects) {
    this.#effects = effects;
  }

  apply(settings: WorkerSettings): void {
    const isFirst = this.#settings === undefined;
    this.#settings = settings;
    this.#health.apply(settings);
    if (!isFirst) return; // the updater sees it
    this.#update(settings);
    this.#updateLater();
  }

  /** A connection that came in at a port. */
  take(socket: Socket, port: number): void {
    const listener = this.#generation.listeners.find((one) => one.port === port);
    if (!listener) socket.destroy();
    else if (listener.mode === "tcp") void passOn(socket, this.#generation, listener);
    else this.#frontends.get(port)?.emit("connection", socket);
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#health.close();
    this.#effects.listen([]);
  }

  #updateLater(): void {
    if (this.#isClosed) return;
    const waitMs = Math.max(UPDATE_MS / (this.#settings?.clockFactor ?? 1), SHORTEST_UPDATE_MS);
    this.#timer = setTimeout(() => {
      if (this.#settings) this.#update(this.#settings);
      this.#updateLater();
    }, waitMs);
  }

  #update({ listeners, servers, idleTimeout }: WorkerSettings): void {
    const states = this.#health.states();
    const inService = servers.filter(({ instanceId }) => states.get(instanceId) === "InService");
    const written = JSON.stringify([listeners, inService, idleTimeout]);
    if (written === this.#written) return;
    this.#written = written;
    this.#reload(new Generation(listeners, inService, idleTimeout));
  }

  #reload(next: Generation): void {
    const isHttp = ({ mode }: WorkerListener): boolean => mode === "http";
    this.#frontends = new Map(
      next.listeners.filter(isHttp).map((listener) => [listener.port, createHttpFrontend(next, listener)]),
    );
    this.#generation.isOld = true;
    this.#generation = next;
    this.#effects.listen(next.listeners.map(({ port }) => port));
  }
}
