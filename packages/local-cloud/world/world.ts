import { createHash } from "node:crypto";
import type { CloudIdentity } from "../identity.ts";
import { type ImageName, imageId } from "../machine/images.ts";
import type { Path } from "./changes.ts";
import { idDigits } from "./ids.ts";
import type { Address, Instance, Rule, SecurityGroup, WorldState } from "./types.ts";

/** Fixed: the local cloud has one account. */
export const ACCOUNT_ID = "000000000042";
/** As in refusals of a launch, which name the account or the user. */
export const ACCOUNT_ARN = `arn:aws:euare::${ACCOUNT_ID}:`;
export const USER_ARN = `${ACCOUNT_ARN}user/planet`;
/** The default of `system.dns.dnsdomain`. */
export const DNS_DOMAIN = "localhost";
export const REGION = "eucalyptus";
export const ZONE = "one";

/** Of an instance that got none: a private address that was asked for and cannot be had. It ends by itself. */
export const NO_ADDRESS = "0.0.0.0";

/** First and last host number that instances and public addresses get in their networks. */
const FIRST_HOST = 10;
const LAST_HOST = 250;

/** A terminated instance stays visible this long (Corymbia/eucalyptus `VmInstances.java`). */
const TERMINATED_SHOWN_MS = 60 * 60_000;

/** What may be different from an ordinary day. */
type Circumstances = Partial<Pick<World, "isFull" | "isWithoutBalancing" | "clockFactor">>;

/** The cloud's state with what every action asks of it. Nothing here performs an effect. */
export class World {
  readonly state: WorldState;
  readonly identity: CloudIdentity;
  readonly images: ReadonlyMap<string, ImageName>;
  readonly now: () => Date;
  /** Whether no node has room for a new instance, whatever runs there. */
  readonly isFull: () => boolean;
  /** Whether the service of load balancers is not enabled. */
  readonly isWithoutBalancing: () => boolean;
  /** How many times faster the loops of load balancing and Auto Scaling run than a real cloud's. */
  clockFactor: number;
  /** When the worker of a load balancer was last heard, by name; a restart forgets it. */
  readonly reportedAt = new Map<string, string>();
  /** Objects and uploads that were changed since the last write. */
  readonly changed: Path[] = [];

  constructor(
    state: WorldState,
    identity: CloudIdentity,
    imageNames: readonly ImageName[],
    now: () => Date,
    { isFull = () => false, isWithoutBalancing = () => false, clockFactor = 1 }: Circumstances = {},
  ) {
    this.state = state;
    this.identity = identity;
    this.images = new Map(imageNames.map((name) => [imageId(name), name]));
    this.now = now;
    this.isFull = isFull;
    this.isWithoutBalancing = isWithoutBalancing;
    this.clockFactor = clockFactor;
  }

  /** Of the one user. */
  get userId(): string {
    return `AID${this.state.accessKeyId.slice(3)}`;
  }

  get isVpc(): boolean {
    return this.state.mode === "vpc";
  }

  /** `<prefix>-` and hex digits. */
  nextId(prefix: string): string {
    return `${prefix}-${this.nextToken().slice(0, idDigits(this.state.version))}`;
  }

  /** 64 hex digits that never come again. */
  nextToken(): string {
    this.state.counter += 1;
    return createHash("sha256").update(`${this.state.seed} ${this.state.counter}`).digest("hex");
  }

  nextUuid(): string {
    return this.nextToken().replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, "$1-$2-4$3-8$4-$5");
  }

  /** Seconds of the services' loops since then: more than a clock shows when they run faster. */
  secondsSince(time: string): number {
    return ((this.now().getTime() - Date.parse(time)) / 1000) * this.clockFactor;
  }

  /** What clients may see: a terminated instance disappears after an hour. */
  instances(): Instance[] {
    for (const instance of this.state.instances.values()) this.#forgetIfOld(instance);
    return [...this.state.instances.values()].filter(({ hidden }) => !hidden);
  }

  instance(instanceId: string): Instance | undefined {
    const instance = this.state.instances.get(instanceId.toLowerCase());
    return !instance || this.#forgetIfOld(instance) || instance.hidden ? undefined : instance;
  }

  #forgetIfOld(instance: Instance): boolean {
    const oldest = this.now().getTime() - TERMINATED_SHOWN_MS;
    const isOld = instance.terminatedAt !== undefined && Date.parse(instance.terminatedAt) < oldest;
    if (isOld) this.forgetInstance(instance);
    return isOld;
  }

  /** The instance even when a second termination has hidden it. */
  instanceOrHidden(instanceId: string): Instance | undefined {
    return this.instance(instanceId) ?? this.state.instances.get(instanceId.toLowerCase());
  }

  /** From now on no description shows it. */
  hideInstance(instance: Instance): void {
    instance.hidden = true;
    this.state.tags.delete(instance.instanceId);
    if (instance.networkInterfaceId) this.state.tags.delete(instance.networkInterfaceId);
  }

  forgetInstance({ instanceId, networkInterfaceId }: Instance): void {
    this.state.instances.delete(instanceId);
    this.state.tags.delete(instanceId);
    if (networkInterfaceId) this.state.tags.delete(networkInterfaceId);
  }

  /** Those that hold their addresses and groups: all but the terminated. */
  livingInstances(): Instance[] {
    return [...this.state.instances.values()].filter(({ state }) => state !== "terminated");
  }

  group(groupId: string): SecurityGroup | undefined {
    return this.state.groups.get(groupId.toLowerCase());
  }

  groupNamed(name: string): SecurityGroup | undefined {
    return [...this.state.groups.values()].find(({ groupName }) => groupName === name);
  }

  /** Made when first needed, as EDGE does; a default VPC is born with it. */
  defaultGroup(): SecurityGroup {
    return (
      this.groupNamed("default") ??
      this.addGroup("default", this.isVpc ? "default VPC security group" : "default group")
    );
  }

  addGroup(groupName: string, description: string): SecurityGroup {
    const group: SecurityGroup = {
      groupId: this.nextId("sg"),
      groupName,
      description,
      vpcId: this.state.vpc?.vpcId,
      ingress: [],
      egress: this.isVpc ? [EVERYTHING] : [],
    };
    if (this.isVpc && groupName === "default") group.ingress = [fromItself(group)];
    this.state.groups.set(group.groupId, group);
    return group;
  }

  addressOf({ instanceId }: Instance): Address | undefined {
    for (const address of this.state.addresses.values()) if (address.instanceId === instanceId) return address;
    return undefined;
  }

  publicAddressOf(instance: Instance): string | undefined {
    return this.addressOf(instance)?.publicAddress ?? instance.systemAddress;
  }

  /** The lowest public address that is neither allocated nor a system address. */
  freePublicAddress(): string | undefined {
    const used = new Set([
      ...this.state.addresses.keys(),
      ...this.livingInstances().flatMap(({ systemAddress }) => systemAddress ?? []),
      ...[...this.state.loadBalancers.values()].flatMap(({ workerAddress }) => workerAddress ?? []),
    ]);
    return hosts(this.identity.publicPrefix).find((address) => !used.has(address));
  }

  isPublicAddress(address: string): boolean {
    return hosts(this.identity.publicPrefix).includes(address);
  }

  /** Goes round: an address that was just left is the last to come again, since caches outlive a machine. */
  freePrivateAddress(): string | undefined {
    const used = new Set(this.livingInstances().map(({ privateAddress }) => privateAddress));
    const all = hosts(this.identity.privatePrefix);
    const last = [...this.state.instances.values()].at(-1)?.privateAddress;
    const start = last === undefined ? 0 : all.indexOf(last) + 1;
    return [...all.slice(start), ...all.slice(0, start)].find((address) => !used.has(address));
  }

  tagsOf(resourceId: string | undefined): ReadonlyMap<string, string> {
    return (resourceId === undefined ? undefined : this.state.tags.get(resourceId)) ?? new Map();
  }
}

const EVERYTHING = {
  protocol: "-1",
  fromPort: undefined,
  toPort: undefined,
  ranges: [{ cidr: "0.0.0.0/0", description: undefined }],
  groups: [],
};

/** The members of a VPC's default group reach each other (observed on Eucalyptus 5.1.0, 2026-11-28). */
const fromItself = ({ groupId, groupName }: SecurityGroup): Rule => ({
  ...EVERYTHING,
  ranges: [],
  groups: [{ groupId, groupName, description: undefined }],
});

function hosts(prefix: string): string[] {
  return Array.from({ length: LAST_HOST - FIRST_HOST + 1 }, (_, index) => `${prefix}.${FIRST_HOST + index}`);
}
