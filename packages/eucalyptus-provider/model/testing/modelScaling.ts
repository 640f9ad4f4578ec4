import { CloudError } from "@planet/eucalyptus-client";
import type { CloudContext } from "../../cloudContext.ts";
import { fakeScaling } from "../../testing/fakeScaling.ts";
import { type CallFault, Killed } from "./modelCloud.ts";
import type { MortalCloud } from "./modelEngine.ts";

/**
 * Balancers, groups and their servers, at which a run may die at any changing call. It watches two promises: a balancer that
 * had a server in service is never without one, and no server is ended while a reader may still be on it.
 */
export class ModelScaling implements MortalCloud {
  readonly mode = "edge";
  readonly #fake = fakeScaling();
  #fault: { readonly at: number; readonly kind: CallFault } | undefined;
  #calls = 0;
  #isDead = false;
  #ids = 0;
  #hasServed = false;
  readonly losses: string[] = [];

  readonly autoScaling = this.#mortal(this.#fake.cloud.autoScaling);
  readonly ec2 = this.#mortal(this.#fake.cloud.ec2);
  readonly elb = this.#mortal(this.#fake.cloud.elb);

  readonly sleep: CloudContext["sleep"] = (ms) => {
    if (!this.#isDead) this.#fake.tick(ms);
    return Promise.resolve();
  };

  begin(fault?: { readonly at: number; readonly kind: CallFault }): void {
    this.#fault = fault;
    this.#calls = 0;
    this.#isDead = false;
    this.tick();
  }

  /** Time that passes between two runs. */
  tick(): void {
    for (let turn = 0; turn < 3; turn++) this.#fake.tick();
    this.#watch("between runs");
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  kill(): void {
    this.#isDead = true;
  }

  newDigits(): string {
    this.#ids += 1;
    return this.#ids.toString(16).padStart(8, "0");
  }

  get cutOff(): readonly string[] {
    return this.#fake.cutOff;
  }

  get groups(): readonly string[] {
    return [...this.#fake.groups.keys()].toSorted();
  }

  membersOf(group: string): string[] {
    const members = this.#fake.groups.get(group)?.live.members ?? [];
    return members.map(({ instanceId }) => instanceId).toSorted();
  }

  get living(): readonly string[] {
    return [...this.#fake.living].toSorted();
  }

  registeredAt(balancer: string): readonly string[] {
    return this.#fake.balancers.get(balancer)?.live.instanceIds ?? [];
  }

  get balancers(): readonly string[] {
    return [...this.#fake.balancers.keys()];
  }

  #serving(): string[] {
    return [...this.#fake.balancers.values()].flatMap(({ live }) =>
      live.instanceIds.filter((id) => this.#fake.living.has(id) && !this.#fake.isFresh(id)),
    );
  }

  #watch(where: string): void {
    const isServing = this.#serving().length > 0;
    if (this.#hasServed && !isServing) this.losses.push(where);
    this.#hasServed = isServing || (this.#hasServed && this.#fake.balancers.size > 0);
  }

  #mortal<Api extends object>(api: Api): Api {
    return new Proxy(api, {
      get: (target, property) => {
        const name = String(property);
        const call = Reflect.get(target, property) as (...args: unknown[]) => Promise<unknown>;
        return async (...args: unknown[]) => {
          if (this.#isDead) throw new Killed();
          if (/^(describe|find)/.test(name)) return call(...args);
          const kind = this.#calls++ === this.#fault?.at ? this.#fault.kind : undefined;
          if (kind === "killed-before") this.kill();
          if (kind === "500-before") throw broken(name);
          if (this.#isDead) throw new Killed();
          const result = await call(...args);
          this.#watch(name);
          if (kind === "killed-after") this.kill();
          if (this.#isDead) throw new Killed();
          if (kind === "500-after") throw broken(name);
          return result;
        };
      },
    });
  }
}

const broken = (action: string) => new CloudError({ action, code: "InternalFailure", status: 500, message: "no" });
