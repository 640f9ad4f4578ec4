import type { ActiveFault } from "../faults/faultLayer.ts";
import type { RouteTable } from "../network/routeTable.ts";
import type { Grant } from "../s3/types.ts";
import type { Instance, Rule, SecurityGroup } from "../world/types.ts";
import type { World } from "../world/world.ts";
import { aclName, anonymousGets } from "./anonymous.ts";
import { type BalancerView, balancerViews, type ScalingGroupView, scalingGroupViews } from "./balancingView.ts";

/** The most of each kind that a page shows; the newest instances, the first of all else. */
const SHOWN = { instances: 100, addresses: 250, groups: 100, rules: 100, buckets: 200, tags: 10 } as const;

/** What the page shows of a cloud. It holds no secret: no key, user-data, signature. */
export interface CloudView {
  readonly machines: readonly MachineView[];
  readonly addresses: readonly AddressView[];
  readonly groups: readonly GroupView[];
  readonly balancers: readonly BalancerView[];
  readonly scalingGroups: readonly ScalingGroupView[];
  readonly buckets: readonly BucketView[];
  readonly faults: readonly ActiveFault[];
}

interface MachineView {
  readonly id: string;
  readonly state: string;
  /** Why it ended. */
  readonly reason: string;
  readonly image: string;
  readonly type: string;
  readonly privateAddress: string;
  readonly publicAddress: string;
  readonly launched: string;
  readonly groups: readonly string[];
  readonly tags: readonly (readonly [string, string])[];
}

interface AddressView {
  readonly address: string;
  /** An elastic address stays when its instance ends, a system address comes and goes with it. */
  readonly isElastic: boolean;
  /** The instance that new connections reach; empty: none. */
  readonly leadsTo: string;
  readonly move?: { readonly to: string; readonly asked: string; readonly inMs: number; readonly delayMs: number };
}

interface GroupView {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly machines: number;
  readonly rules: readonly {
    readonly direction: "in" | "out";
    readonly ports: string;
    readonly peers: readonly string[];
  }[];
}

interface BucketView {
  readonly name: string;
  readonly created: string;
  readonly objects: number;
  readonly bytes: number;
  readonly acl: string;
  /** What somebody without a signature gets who lists it. */
  readonly anonymous: number;
  readonly versioning: string;
}

export interface Facts {
  readonly world: World;
  readonly routes: RouteTable;
  readonly faults: readonly ActiveFault[];
  /** Of a load balancer's worker that is in service. */
  readonly workerAddress: (name: string) => string | undefined;
  readonly moveDelayMs: number;
  readonly now: number;
}

/** Pure. */
export function cloudView({ world, routes, faults, workerAddress, moveDelayMs, now }: Facts): CloudView {
  const { groups, buckets } = world.state;
  return {
    machines: world.instances().slice(-SHOWN.instances).reverse().map(machineIn(world)),
    addresses: addressViews(world, routes, moveDelayMs, now).slice(0, SHOWN.addresses),
    groups: [...groups.values()].slice(0, SHOWN.groups).map(groupIn(world)),
    balancers: balancerViews(world, workerAddress),
    scalingGroups: scalingGroupViews(world),
    buckets: [...buckets.values()].slice(0, SHOWN.buckets).map((bucket) => {
      const live = [...bucket.objects.values()].flatMap((versions) => versions.at(-1) ?? []).filter(({ file }) => file);
      return {
        name: bucket.name,
        created: bucket.created,
        objects: live.length,
        bytes: live.reduce((sum, { size }) => sum + size, 0),
        ...accessOf(bucket.grants),
        versioning: bucket.versioning ?? "",
      };
    }),
    faults,
  };
}

export function accessOf(grants: readonly Grant[]): { acl: string; anonymous: number } {
  return { acl: aclName(grants), anonymous: anonymousGets(grants) };
}

const machineIn =
  (world: World) =>
  (instance: Instance): MachineView => ({
    id: instance.instanceId,
    state: instance.state,
    reason: instance.state === "terminated" || instance.state === "shutting-down" ? instance.reason : "",
    image: instance.imageName,
    type: instance.instanceType,
    privateAddress: instance.privateAddress,
    publicAddress: world.publicAddressOf(instance) ?? "",
    launched: instance.launchTime,
    groups: instance.groupIds.map((id) => world.group(id)?.groupName ?? id),
    tags: [...world.tagsOf(instance.instanceId)].slice(0, SHOWN.tags),
  });

/** Elastic ones first. What is asked for and what is in effect differ while an address moves. */
function addressViews(world: World, routes: RouteTable, delayMs: number, now: number): AddressView[] {
  const system = world.livingInstances().flatMap(({ systemAddress, launchTime }) => {
    return systemAddress === undefined ? [] : [{ publicAddress: systemAddress, isElastic: false, asked: launchTime }];
  });
  const elastic = [...world.state.addresses.values()].map(({ publicAddress, associatedAt = "" }) => {
    return { publicAddress, isElastic: true, asked: associatedAt };
  });
  return [...elastic, ...system].map(({ publicAddress: address, isElastic, asked = "" }): AddressView => {
    const leadsTo = routes.effective.get(address)?.instanceId ?? "";
    const move = routes.moves.get(address);
    if (!move) return { address, isElastic, leadsTo };
    const inMs = Math.max(0, move.at - now);
    return { address, isElastic, leadsTo, move: { to: move.to.instanceId, asked, inMs, delayMs } };
  });
}

const groupIn =
  (world: World) =>
  ({ groupId, groupName, description, ingress, egress }: SecurityGroup): GroupView => {
    const ruleOf = (direction: "in" | "out") => (rule: Rule) => ({
      direction,
      ports: portsOf(rule),
      peers: [...rule.ranges.map(({ cidr }) => cidr), ...rule.groups.map(({ groupId: id }) => nameOf(world, id))],
    });
    return {
      id: groupId,
      name: groupName,
      description,
      machines: world.livingInstances().filter(({ groupIds }) => groupIds.includes(groupId)).length,
      rules: [...ingress.map(ruleOf("in")), ...egress.map(ruleOf("out"))].slice(0, SHOWN.rules),
    };
  };

const nameOf = (world: World, groupId: string): string => world.group(groupId)?.groupName ?? groupId;

function portsOf({ protocol, fromPort, toPort }: Rule): string {
  if (protocol === "-1") return "everything";
  if (fromPort === undefined) return protocol;
  return fromPort === toPort ? `${protocol} ${fromPort}` : `${protocol} ${fromPort}–${toPort}`;
}
