import type { MachineDriver, PublicNetwork } from "../machine/driver.ts";
import { beginTermination, completeTermination, REASONS } from "./life.ts";
import { instancePortsOf, routesOf } from "./routes.ts";
import type { Instance } from "./types.ts";
import { NO_ADDRESS, type World } from "./world.ts";

const RETRY_MS = 5_000;
const WATCH_MS = 1_000;

interface Effects {
  readonly driver: MachineDriver;
  readonly network: PublicNetwork;
  readonly save: () => Promise<void>;
  /** Until a machine that could not be ended or restarted is tried again. @defaultValue 5,000 */
  readonly retryMs?: number;
  /** Between two looks at which machines still run. @defaultValue 1,000 */
  readonly watchMs?: number;
  readonly log: (line: string) => void;
}

/**
 * Makes machines and forwarding follow the world. Actions only change the world; this is the one place that acts.
 *
 * Two actors compete for an instance: requests, which may ask for its end at any moment, and its machine, which takes
 * seconds to start and may end by itself, which {@link watch} finds out. Per instance one step runs at a time; after each step the world is looked at again, so an end asked
 * for during the start is performed right after it. A crash between step and save leaves a machine without a state
 * that says so: {@link adopt} compares both at the next start.
 */
export class Reconciler {
  readonly #world: World;
  readonly #effects: Effects;
  readonly #busy = new Map<string, Promise<void>>();
  readonly #retries = new Set<NodeJS.Timeout>();
  #watching: NodeJS.Timeout | undefined;
  #lastRoutes = "";
  #lastPorts = "";
  /** One set of rules after the other. */
  #guarding: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(world: World, effects: Effects) {
    this.#world = world;
    this.#effects = effects;
  }

  /** Starts what the world asks for now; returns at once. */
  wake(): void {
    if (this.#closed) return;
    this.#applyRoutes();
    this.#guardPorts();
    for (const instance of this.#world.state.instances.values()) this.#step(instance);
  }

  /** Compares machines and instances after a restart of the cloud, and from then on watches them. */
  async adopt(): Promise<void> {
    const running = new Set(await this.#effects.driver.running());
    for (const instance of this.#world.livingInstances()) {
      if (instance.state === "pending" && running.has(instance.instanceId)) instance.state = "running";
      if (instance.state === "running" && !running.has(instance.instanceId)) {
        this.#effects.log(`${instance.instanceId} no longer runs`);
        completeTermination(this.#world, instance, REASONS.vanished);
      }
    }
    for (const instanceId of running) {
      const instance = this.#world.state.instances.get(instanceId);
      if (instance && instance.state !== "terminated") continue;
      this.#effects.log(`${instanceId} belongs to no instance, ending it`);
      await this.#effects.driver.end(instanceId);
    }
    await this.#effects.save();
    this.wake();
    this.#watchLater();
  }

  /**
   * An instance whose machine has ended by itself (a power-off inside, a crash) ends as if it had been asked to: what the machine
   * left is removed, its routes go, its elastic address stays allocated.
   */
  async watch(): Promise<void> {
    // Noted before the question: the answer knows nothing of a machine that starts in the meantime.
    const watched = this.#world.livingInstances().filter((instance) => this.#isSettled(instance));
    const running = new Set(await this.#effects.driver.running());
    for (const instance of watched) {
      if (running.has(instance.instanceId) || !this.#isSettled(instance)) continue;
      this.#effects.log(`${instance.instanceId} has ended by itself`);
      beginTermination(instance, REASONS.vanished);
      this.wake();
    }
  }

  /** Waits for the steps under way; no new one begins. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#watching);
    for (const timer of this.#retries) clearTimeout(timer);
    await Promise.all([...this.#busy.values(), this.#guarding]);
  }

  #isSettled({ state, instanceId }: Instance): boolean {
    return state === "running" && !this.#busy.has(instanceId);
  }

  #watchLater(): void {
    if (this.#closed) return;
    this.#watching = setTimeout(() => {
      this.watch()
        .catch((error: unknown) => this.#effects.log(`machines not looked at: ${textOf(error)}`))
        .finally(() => this.#watchLater());
    }, this.#effects.watchMs ?? WATCH_MS);
    this.#watching.unref();
  }

  #applyRoutes(): void {
    const routes = routesOf(this.#world);
    const written = JSON.stringify(routes);
    if (written === this.#lastRoutes) return;
    this.#lastRoutes = written;
    this.#effects.network.apply(routes);
  }

  #guardPorts(): void {
    const ports = instancePortsOf(this.#world);
    const written = JSON.stringify(ports);
    if (written === this.#lastPorts) return;
    this.#lastPorts = written;
    this.#guarding = this.#guarding
      .then(() => this.#effects.driver.guard(ports))
      .catch((error: unknown) => {
        this.#lastPorts = ""; // tried again with the next change
        this.#effects.log(`rules between instances not changed: ${textOf(error)}`);
      });
  }

  #step(instance: Instance): void {
    if (this.#busy.has(instance.instanceId)) return;
    const work = this.#workFor(instance);
    if (!work) return;
    const done = work().then(
      () => this.#finish(instance, true),
      (error: unknown) => this.#failed(instance, error),
    );
    this.#busy.set(instance.instanceId, done);
  }

  #workFor(instance: Instance): (() => Promise<void>) | undefined {
    if (instance.state === "pending") return () => this.#start(instance);
    if (instance.state === "shutting-down") return () => this.#end(instance);
    if (instance.state === "running" && instance.reboots > 0) return () => this.#reboot(instance);
    return undefined;
  }

  async #start(instance: Instance): Promise<void> {
    const { instanceId, imageName: image, privateAddress, macAddress } = instance;
    if (privateAddress === NO_ADDRESS) {
      // The reason says nothing of the address (observed on Eucalyptus 5.1.0, 2026-11-28).
      completeTermination(this.#world, instance, REASONS.userTerminated);
      return;
    }
    try {
      await this.#effects.driver.start({ instanceId, image, privateAddress, macAddress });
    } catch (error) {
      this.#effects.log(`${instanceId} did not start: ${textOf(error)}`);
      await this.#effects.driver.end(instanceId).catch(() => undefined); // it may never have been there
      completeTermination(this.#world, instance, REASONS.failed(textOf(error)));
      return;
    }
    if (instance.state === "pending") instance.state = "running";
    this.#effects.log(`${instanceId} started from ${image} at ${privateAddress}`);
  }

  async #end(instance: Instance): Promise<void> {
    await this.#effects.driver.end(instance.instanceId);
    completeTermination(this.#world, instance);
    this.#effects.log(`${instance.instanceId} terminated`);
  }

  async #reboot(instance: Instance): Promise<void> {
    instance.reboots = 0;
    await this.#effects.driver.reboot(instance.instanceId);
  }

  async #finish(instance: Instance, again: boolean): Promise<void> {
    this.#busy.delete(instance.instanceId);
    if (!this.#closed) this.#applyRoutes(); // at once: a terminated instance that still has routes would be a lie
    await this.#effects.save().catch((error: unknown) => this.#effects.log(`state not written: ${textOf(error)}`));
    if (again) this.wake();
  }

  async #failed(instance: Instance, error: unknown): Promise<void> {
    this.#effects.log(`${instance.instanceId} in state ${instance.state}: ${textOf(error)}`);
    await this.#finish(instance, false);
    const timer = setTimeout(() => {
      this.#retries.delete(timer);
      this.wake();
    }, this.#effects.retryMs ?? RETRY_MS);
    timer.unref();
    this.#retries.add(timer);
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
