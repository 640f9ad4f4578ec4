import { createClock, createS3, serviceUrls } from "@planet/eucalyptus-client";
import { judgeLeftovers } from "../../packages/cli/verbs/doctor/judgeLeftovers.ts";
import { readCloud } from "../../packages/cli/verbs/doctor/readCloud.ts";
import { type Bench, STACK } from "./bench.ts";
import { releaseAt } from "./reader.ts";

/** All that counts of a cloud and of what the state says about it. */
export interface Observed {
  /** Instances that are not ended. */
  readonly servers: readonly string[];
  readonly addresses: readonly { readonly publicAddress: string; readonly holder: string }[];
  /** The account's, without the one that every account has, and without those that the cloud makes for balancers. */
  readonly groups: readonly { readonly id: string; readonly ports: readonly number[] }[];
  readonly buckets: readonly string[];
  /** Names in the stack's bucket. */
  readonly objects: readonly string[];
  /** Of servers behind a balancer; empty without one. */
  readonly scalingGroups: readonly ObservedGroup[];
  readonly launchConfigurations: readonly string[];
  readonly balancers: readonly { readonly name: string; readonly registered: readonly string[] }[];
  /** Release that the page at the stack's address shows; all of them, where servers of several answer in turn. */
  readonly served: string | undefined;
  readonly state: {
    /** Of the last update that came to its end. */
    readonly address: string | undefined;
    readonly instanceId: string | undefined;
    readonly release: string | undefined;
    readonly resources: readonly StateResource[];
  };
  /** What `planet doctor` says is left over. */
  readonly leftovers: readonly string[];
}

interface ObservedGroup {
  readonly name: string;
  readonly size: number;
  readonly members: readonly string[];
  readonly suspended: readonly string[];
}

export interface StateResource {
  readonly type: string;
  readonly id: string;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** Looks at everything, past the proxy. */
export async function observe(bench: Bench): Promise<Observed> {
  const { cloud } = bench;
  const { credentials } = cloud.cloud;
  const state = bench.readState();
  const config = { bucket: "planet", endpoint: bench.proxy.endpoint };
  const facts = await readCloud(cloud.endpoint, credentials, config);
  const findings = judgeLeftovers(facts, { stack: STACK, isLocal: false, state, config });
  const { outputs, resources } = state;
  const { instances, addresses } = cloud.cloud.describe();
  const buckets = "value" in facts.buckets ? facts.buckets.value : [];
  const groups = "value" in facts.groups ? facts.groups.value : [];
  const { scalingGroups, launchConfigurations, loadBalancers } = cloud.cloud.world.state;
  const cloudsOwn = [...loadBalancers.values()].map(({ ownGroupId }) => ownGroupId);
  const servers = instances
    .filter(({ state: each }) => !/^(terminated|shutting-down)$/.test(each))
    .map((each) => each.instanceId);
  return {
    servers,
    addresses: addresses.map(({ publicAddress, instanceId = "" }) => ({ publicAddress, holder: instanceId })),
    groups: groups
      .filter(({ name, groupId }) => name !== "default" && !cloudsOwn.includes(groupId))
      .map(({ groupId, ingress }) => ({ id: groupId, ports: ingress.map(({ fromPort }) => fromPort ?? -1) })),
    buckets,
    objects: buckets.includes("planet") ? await listObjects(cloud.endpoint, credentials) : [],
    scalingGroups: [...scalingGroups.values()].map(({ name, desiredCapacity, members, suspended }) => {
      return { name, size: desiredCapacity, members: [...members.keys()], suspended: [...suspended.keys()] };
    }),
    launchConfigurations: [...launchConfigurations.keys()],
    balancers: [...loadBalancers.values()].map(({ name, registrations }) => {
      return { name, registered: [...registrations.keys()] };
    }),
    served: await servedAt(bench.balancerAddress ?? outputs.address ?? addressIn(resources), servers.length),
    state: { address: outputs.address, instanceId: outputs.instanceId, release: outputs.release, resources },
    leftovers: findings.filter(({ level }) => level !== "ok").map(({ text }) => text),
  };
}

async function listObjects(endpoint: string, credentials: Bench["cloud"]["cloud"]["credentials"]): Promise<string[]> {
  const s3 = createS3(serviceUrls(endpoint).s3, { region: "eucalyptus", credentials, clock: createClock() });
  return (await s3.listObjects("planet")).map(({ key }) => key);
}

/** Servers behind a balancer answer in turn: each of them is asked. */
async function servedAt(address: string | undefined, servers: number): Promise<string | undefined> {
  if (address === undefined) return undefined;
  const releases = new Set<string>();
  for (let question = 0; question < Math.max(servers, 1); question += 1) {
    releases.add(await releaseAt(address).catch(() => ""));
  }
  return [...releases].join(", ") || undefined;
}

/** An update that was interrupted has left no outputs of the stack. */
function addressIn(resources: readonly StateResource[]): string | undefined {
  const address = resources.find(({ type }) => type === "aws:ec2/eip:Eip")?.outputs.publicIp;
  return typeof address === "string" ? address : undefined;
}
