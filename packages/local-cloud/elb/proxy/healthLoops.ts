import { setTimeout as delay } from "node:timers/promises";
import { type CheckTarget, parsedTarget } from "../healthChecks.ts";
import type { HealthCheck, ReportedState } from "../types.ts";
import type { WorkerServer, WorkerSettings } from "../worker.ts";
import { checkServer } from "./checkServer.ts";
import { afterCheck, type Health, UNKNOWN } from "./healthRule.ts";

interface Loop {
  server: WorkerServer;
  health: Health;
  readonly stop: AbortController;
}

/** A loop for each server: check, wait for the interval, and again. Another check starts all of them anew, with no server in service. */
export class HealthLoops {
  readonly #loops = new Map<string, Loop>();
  readonly #onChange: () => void;
  #settings: Pick<WorkerSettings, "healthCheck" | "isCutOff" | "clockFactor"> | undefined;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  apply(settings: WorkerSettings): void {
    const isSameCheck = JSON.stringify(settings.healthCheck) === JSON.stringify(this.#settings?.healthCheck);
    this.#settings = settings;
    const wanted = new Map(settings.servers.map((server) => [server.instanceId, server]));
    for (const [instanceId, { stop }] of this.#loops) {
      if (isSameCheck && wanted.has(instanceId)) continue;
      stop.abort();
      this.#loops.delete(instanceId);
    }
    for (const [instanceId, server] of wanted) {
      const loop = this.#loops.get(instanceId);
      if (loop) loop.server = server;
      else this.#begin(instanceId, server);
    }
  }

  states(): ReadonlyMap<string, ReportedState> {
    return new Map(
      [...this.#loops].flatMap(([id, { health }]): [string, ReportedState][] =>
        health.state === undefined ? [] : [[id, health.state]],
      ),
    );
  }

  close(): void {
    for (const { stop } of this.#loops.values()) stop.abort();
    this.#loops.clear();
  }

  #begin(instanceId: string, server: WorkerServer): void {
    const { healthCheck } = this.#settings ?? {};
    const target = parsedTarget(healthCheck?.target ?? "");
    if (!healthCheck || !target) return;
    const loop: Loop = { server, health: UNKNOWN, stop: new AbortController() };
    this.#loops.set(instanceId, loop);
    void this.#run(loop, healthCheck, target);
  }

  async #run(loop: Loop, check: HealthCheck, target: CheckTarget): Promise<void> {
    const { signal } = loop.stop;
    while (!signal.aborted) {
      const isOk = await this.#look(loop, check, target);
      if (signal.aborted) return;
      const before = loop.health.state;
      loop.health = afterCheck(loop.health, isOk, check);
      if (loop.health.state !== before) this.#onChange();
      await this.#wait(check.interval, signal);
    }
  }

  async #look({ server, stop }: Loop, { timeout }: HealthCheck, target: CheckTarget): Promise<boolean> {
    if (this.#settings?.isCutOff) return false;
    if (server.openPorts.includes(target.port)) return await checkServer(server.address, target, timeout * 1000);
    await this.#wait(timeout, stop.signal); // its groups let nobody in
    return false;
  }

  async #wait(seconds: number, signal: AbortSignal): Promise<void> {
    const factor = this.#settings?.clockFactor ?? 1;
    await delay((seconds / factor) * 1000, undefined, { signal, ref: false }).catch(() => undefined);
  }
}
