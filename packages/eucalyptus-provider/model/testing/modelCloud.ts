import {
  type Address,
  CloudError,
  type Ec2,
  type Image,
  type Instance,
  isLiving,
  type NetworkMode,
} from "@planet/eucalyptus-client";
import { liveAddress, liveInstance } from "../../testing/facts.ts";

/** What goes wrong at one changing call. `killed`: engine and plugin are gone, before the call acts or after it. */
export type CallFault = "killed-before" | "killed-after" | "500-before" | "500-after";

/** Thrown by the call at which the run dies, and by every later one. */
export class Killed extends Error {}

const MODEL_IMAGE: Partial<Image> = { imageId: "emi-1", name: "" };

type Calls = Pick<
  Ec2,
  | "allocateAddress"
  | "associateAddress"
  | "createTags"
  | "deleteTags"
  | "describeAddresses"
  | "describeImages"
  | "describeInstances"
  | "disassociateAddress"
  | "findAddress"
  | "findInstance"
  | "releaseAddress"
  | "runInstance"
  | "terminateInstance"
>;

/**
 * Instances, addresses and associations as Eucalyptus keeps them, without its wire. It watches the one promise: an address
 * that was on a living instance is never on none, whatever is called in whatever order.
 */
export class ModelCloud {
  readonly mode: NetworkMode;
  instances: Instance[] = [];
  addresses: Address[] = [];
  /** A destroy gives addresses up. */
  mayLose = false;
  readonly losses: string[] = [];
  #fault: { readonly at: number; readonly kind: CallFault } | undefined;
  #calls = 0;
  #isDead = false;
  #ids = 0;
  readonly #everHeld = new Set<string>();

  constructor(mode: NetworkMode) {
    this.mode = mode;
  }

  /** Begins a run of which the `at`-th changing call has a fault. */
  begin(fault?: { readonly at: number; readonly kind: CallFault }): void {
    this.#fault = fault;
    this.#calls = 0;
    this.#isDead = false;
  }

  kill(): void {
    this.#isDead = true;
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  living(): Instance[] {
    return this.instances.filter(isLiving);
  }

  holderOf(publicAddress: string): string | undefined {
    const holder = this.#address(publicAddress)?.instanceId;
    return this.living().find(({ instanceId }) => instanceId === holder)?.instanceId;
  }

  readonly ec2: Calls = {
    describeImages: () => this.#read(() => [MODEL_IMAGE as Image]),
    describeInstances: (filters) => this.#read(() => this.instances.filter((instance) => matches(instance, filters))),
    findInstance: (id) => this.#read(() => this.instances.find(({ instanceId }) => instanceId === id)),
    runInstance: (launch) =>
      this.#change("RunInstances", () => {
        const same = this.instances.find(({ clientToken }) => clientToken === launch.clientToken);
        if (same) return same;
        const securityGroups = (launch.securityGroupIds ?? []).map((id) => ({ id, name: id }));
        const instance = liveInstance({
          instanceId: this.#id("i"),
          clientToken: launch.clientToken,
          securityGroups,
        });
        this.instances = [...this.instances, instance];
        return instance;
      }),
    createTags: (id, tags) =>
      this.#change("CreateTags", () => this.#alter(id, (old) => ({ ...old, tags: { ...old.tags, ...tags } }))),
    deleteTags: () => Promise.resolve(),
    terminateInstance: (id) =>
      this.#change("TerminateInstances", () => {
        this.#alter(id, (old) => ({ ...old, state: "terminated" }));
        this.#release(({ instanceId }) => instanceId === id);
      }),

    describeAddresses: (filters) =>
      this.#read(() =>
        this.addresses.filter(
          (address) =>
            within(filters["instance-id"], address.instanceId) &&
            within(filters["association-id"], address.associationId),
        ),
      ),
    findAddress: (id) => this.#read(() => this.#address(id)),
    allocateAddress: () =>
      this.#change("AllocateAddress", () => {
        const allocationId = this.mode === "vpc" ? this.#id("eipalloc") : "";
        const address = liveAddress({ publicAddress: `192.0.2.${this.addresses.length + 1}`, allocationId });
        this.addresses = [...this.addresses, address];
        return address;
      }),
    associateAddress: ({ address, instanceId }) =>
      this.#change("AssociateAddress", () => this.#associate(address.publicAddress, instanceId)),
    disassociateAddress: (id) =>
      this.#change("DisassociateAddress", () => {
        const isMeant = (address: Address) => address.associationId === id || address.publicAddress === id;
        if (this.mode === "vpc" && !this.addresses.some(isMeant)) throw refusal("InvalidAssociationID.NotFound");
        this.#release(isMeant);
      }),
    releaseAddress: ({ publicAddress }) =>
      this.#change("ReleaseAddress", () => {
        this.addresses = this.addresses.filter((address) => address.publicAddress !== publicAddress);
      }),
  };

  #associate(publicAddress: string, instanceId: string): string {
    const before = this.#address(publicAddress);
    if (!this.living().some((instance) => instance.instanceId === instanceId)) throw refusal("InvalidInstanceID");
    if (before?.instanceId === instanceId) return before.associationId;
    const associationId = this.mode === "vpc" ? this.#id("eipassoc") : "";
    this.addresses = this.addresses.map((address) =>
      address.publicAddress === publicAddress ? { ...address, instanceId, associationId } : address,
    );
    return associationId;
  }

  #release(isMeant: (address: Address) => boolean): void {
    this.addresses = this.addresses.map((address) =>
      isMeant(address) ? { ...address, instanceId: "", associationId: "" } : address,
    );
  }

  #alter(id: string, change: (instance: Instance) => Instance): void {
    this.instances = this.instances.map((instance) => (instance.instanceId === id ? change(instance) : instance));
  }

  #address(id: string): Address | undefined {
    return this.addresses.find(({ publicAddress, allocationId }) => publicAddress === id || allocationId === id);
  }

  async #read<T>(look: () => T): Promise<T> {
    if (this.#isDead) throw new Killed();
    return look();
  }

  async #change<T>(action: string, act: () => T): Promise<T> {
    if (this.#isDead) throw new Killed();
    const fault = this.#fault?.at === this.#calls++ ? this.#fault.kind : undefined;
    if (fault === "killed-before" || fault === "killed-after") this.#isDead = true;
    if (fault === "killed-before") throw new Killed();
    if (fault === "500-before") throw refusal("InternalFailure", action, 500);
    const answer = act();
    this.#watch(action);
    if (fault === "killed-after") throw new Killed();
    if (fault === "500-after") throw refusal("InternalFailure", action, 500);
    return answer;
  }

  #watch(action: string): void {
    for (const { publicAddress } of this.addresses) {
      if (this.holderOf(publicAddress) !== undefined) this.#everHeld.add(publicAddress);
      else if (this.#everHeld.has(publicAddress) && !this.mayLose) this.losses.push(`${action}: ${publicAddress}`);
    }
  }

  newDigits(): string {
    this.#ids += 1;
    return this.#ids.toString(16).padStart(8, "0");
  }

  #id(prefix: string): string {
    return `${prefix}-${this.newDigits()}`;
  }
}

function matches(instance: Instance, filters: Parameters<Ec2["describeInstances"]>[0]): boolean {
  return Object.entries(filters).every(([name, values]) => {
    if (name === "client-token") return within(values, instance.clientToken);
    if (name === "instance.group-id") return instance.securityGroups.some(({ id }) => within(values, id));
    if (name.startsWith("tag:")) return within(values, instance.tags[name.slice("tag:".length)]);
    throw new Error(`the model knows no filter ${name}`);
  });
}

const within = (values: readonly string[] | undefined, value: string | undefined): boolean =>
  values === undefined || (value !== undefined && values.includes(value));

function refusal(code: string, action = "call", status = 400): CloudError {
  return new CloudError({ code, status, message: "as the test wants it", action });
}
