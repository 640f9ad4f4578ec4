import type { ActiveFault } from "../faults/faultLayer.ts";
import type { World } from "../world/world.ts";
import { REPORT_SECONDS } from "./instances.ts";
import type { LoadBalancer } from "./types.ts";
import type { BalancerWorker, WorkerHost } from "./worker.ts";
import { workerSettings } from "./workerSettings.ts";

/*
 * The cloud's side of load balancers: a worker for each, what it knows, what it says. Seconds are those of a real cloud, divided by
 * the clock factor, but for the worker's boot, which takes 2 to 4 minutes there. Source: Corymbia/eucalyptus
 * `LoadBalancingActivitiesImpl.java`, Corymbia/load-balancer-servo `main_loop.py`.
 */

const BOOT_SECONDS = 5;
/** From a change to the worker that has it: 1 to 5. */
const PUSH_SECONDS = 2;
/** A worker that got no push asks for itself. */
const POLL_SECONDS = 60;
/** From a registration to the next question for states. */
const FIRST_REPORT_SECONDS = 2;
/** Between two looks for instances that have ended. */
const CHECK_SECONDS = 60;

/** A worker and what has reached it. */
interface Running {
  readonly worker: BalancerWorker;
  /** Of the settings. */
  applied: string;
  /** Of a change that is on its way; `isLost` ones wait for the poll. */
  change?: { readonly settings: string; readonly since: string; readonly isLost: boolean };
  heardAt: string;
  polledAt: string;
}

interface Faults {
  take(name: "lost-worker" | "lost-push"): ActiveFault | undefined;
  find(name: "all-out-of-service"): ActiveFault | undefined;
}

const keyOf = ({ name, createdTime }: LoadBalancer): string => `${name} ${createdTime}`;

/** Makes workers follow the world, and the world what workers say. */
export class Balancers {
  readonly #world: World;
  readonly #host: WorkerHost;
  readonly #faults: Faults;
  /** By {@link keyOf}. */
  readonly #running = new Map<string, Running>();
  /** When the worker of a load balancer may be started, and how long that takes. By {@link keyOf}. */
  readonly #boots = new Map<string, { readonly since: string; readonly seconds: number }>();
  #checkedAt: string;

  constructor(world: World, host: WorkerHost, faults: Faults) {
    this.#world = world;
    this.#host = host;
    this.#faults = faults;
    this.#checkedAt = world.now().toISOString();
  }

  /** Names whose worker is in service, with its address. */
  addressOf(balancer: LoadBalancer): string | undefined {
    return this.#running.has(keyOf(balancer)) ? balancer.workerAddress : undefined;
  }

  /** Does what is due. @returns whether the world has changed */
  step(): boolean {
    const { loadBalancers } = this.#world.state;
    let hasChanged = this.#forgetEnded();
    this.#endWorkersOf(new Set([...loadBalancers.values()].map(keyOf)));
    for (const balancer of loadBalancers.values()) {
      const running = this.#running.get(keyOf(balancer));
      if (running && !this.#isLost(balancer, running)) hasChanged = this.#follow(balancer, running) || hasChanged;
      else if (!running) hasChanged = this.#boot(balancer) || hasChanged;
    }
    return hasChanged;
  }

  /** A load balancer that was made anew by the same name has another worker. @param living those that are left */
  #endWorkersOf(living: ReadonlySet<string>): void {
    for (const [key, { worker }] of this.#running) {
      if (living.has(key)) continue;
      worker.end();
      this.#running.delete(key);
    }
    for (const key of this.#boots.keys()) if (!living.has(key)) this.#boots.delete(key);
  }

  close(): void {
    for (const { worker } of this.#running.values()) worker.end();
    this.#running.clear();
  }

  /** A worker that has died leaves its address; its successor gets another one. */
  #isLost(balancer: LoadBalancer, { worker }: Running): boolean {
    const fault = worker.hasEnded ? undefined : this.#faults.take("lost-worker");
    if (!worker.hasEnded && !fault) return false;
    worker.end();
    this.#running.delete(keyOf(balancer));
    this.#boots.set(keyOf(balancer), { since: this.#now(), seconds: fault?.seconds ?? BOOT_SECONDS });
    return true;
  }

  #boot(balancer: LoadBalancer): boolean {
    const boot = this.#boots.get(keyOf(balancer));
    if (!boot) {
      // One that ran before a restart of the cloud goes on as if nothing had been.
      const isKnown = balancer.workerAddress !== undefined;
      this.#boots.set(keyOf(balancer), { since: this.#now(), seconds: isKnown ? 0 : BOOT_SECONDS });
      if (!isKnown) return false;
    } else if (this.#world.secondsSince(boot.since) < boot.seconds) return false;
    if (boot !== undefined || balancer.workerAddress === undefined) {
      balancer.workerAddress = this.#anotherAddress(balancer.workerAddress);
    }
    if (balancer.workerAddress === undefined) return false; // all are in use; the next step looks again
    this.#start(balancer, balancer.workerAddress);
    return true;
  }

  #anotherAddress(former: string | undefined): string | undefined {
    return this.#world.freePublicAddress() ?? former; // the former one is not free yet
  }

  #start(balancer: LoadBalancer, address: string): void {
    const worker = this.#host.start(balancer.name, address);
    const settings = this.#settings(balancer);
    worker.apply(settings);
    const now = this.#now();
    this.#running.set(keyOf(balancer), { worker, applied: JSON.stringify(settings), heardAt: now, polledAt: now });
    this.#world.reportedAt.set(balancer.name, now);
  }

  #follow(balancer: LoadBalancer, running: Running): boolean {
    this.#push(balancer, running);
    return this.#hear(balancer, running);
  }

  #push(balancer: LoadBalancer, running: Running): void {
    const settings = this.#settings(balancer);
    const text = JSON.stringify(settings);
    if (text !== running.applied && running.change?.settings !== text) {
      const isLost = this.#faults.take("lost-push") !== undefined;
      const since = running.change?.isLost === isLost ? running.change.since : this.#now();
      running.change = { settings: text, since, isLost };
    }
    const { change } = running;
    const isPolled = this.#world.secondsSince(running.polledAt) >= POLL_SECONDS;
    const isPushed = change && !change.isLost && this.#world.secondsSince(change.since) >= PUSH_SECONDS;
    if (isPolled) running.polledAt = this.#now();
    if (!isPolled && !isPushed) return;
    if (text !== running.applied) running.worker.apply(settings);
    running.applied = text;
    delete running.change;
  }

  /** States come at intervals, so readers get a server before the API says so. */
  #hear(balancer: LoadBalancer, running: Running): boolean {
    const sinceHeard = this.#world.secondsSince(running.heardAt);
    const isNew = [...balancer.registrations.values()].some(
      ({ state, registeredAt }) =>
        state === undefined &&
        this.#world.secondsSince(registeredAt) >= FIRST_REPORT_SECONDS &&
        sinceHeard >= FIRST_REPORT_SECONDS,
    );
    if (!isNew && sinceHeard < Math.max(REPORT_SECONDS, balancer.healthCheck?.interval ?? 0)) return false;
    running.heardAt = this.#now();
    this.#world.reportedAt.set(balancer.name, running.heardAt);
    let hasChanged = false;
    for (const [instanceId, state] of running.worker.states()) {
      const registration = balancer.registrations.get(instanceId);
      if (!registration || registration.state === state) continue;
      registration.state = state;
      hasChanged = true;
    }
    return hasChanged;
  }

  /** An instance that has ended leaves its load balancers by itself. */
  #forgetEnded(): boolean {
    if (this.#world.secondsSince(this.#checkedAt) < CHECK_SECONDS) return false;
    this.#checkedAt = this.#now();
    let hasChanged = false;
    for (const { registrations } of this.#world.state.loadBalancers.values()) {
      for (const instanceId of registrations.keys()) {
        const state = this.#world.instance(instanceId)?.state;
        if (state !== undefined && state !== "terminated") continue;
        hasChanged = registrations.delete(instanceId) || hasChanged;
      }
    }
    return hasChanged;
  }

  #settings(balancer: LoadBalancer) {
    return workerSettings(this.#world, balancer, this.#faults.find("all-out-of-service") !== undefined);
  }

  #now(): string {
    return this.#world.now().toISOString();
  }
}
