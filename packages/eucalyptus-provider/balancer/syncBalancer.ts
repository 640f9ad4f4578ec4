import {
  type Attributes,
  type HealthCheck,
  isSameCheck,
  type Listener,
  type LoadBalancer,
} from "@planet/eucalyptus-client";
import { STACK_TAG } from "@planet/eucalyptus-client/marks";
import type { Inputs } from "@planet/pulumi-plugin";
import type { CloudContext } from "../cloudContext.ts";
import { inDoubt } from "../inDoubt.ts";
import { ProviderError } from "../providerError.ts";
import { tagChanges } from "../rules/tags.ts";
import { stackIn } from "../urn.ts";
import { textsOf } from "../values.ts";
import { BALANCER_DEFAULTS } from "./balancerInputs.ts";
import { checkFrom } from "./healthCheck.ts";
import { listenerKey, listenersFrom } from "./listeners.ts";

/** A balancer with what no one call tells of it. */
export interface WholeBalancer {
  readonly live: LoadBalancer;
  readonly attributes: Attributes;
  readonly tags: Readonly<Record<string, string>>;
}

export async function findWhole({ elb }: CloudContext, name: string): Promise<WholeBalancer | undefined> {
  const live = await elb.findLoadBalancer(name);
  if (!live) return undefined;
  const [attributes, tags] = await Promise.all([elb.describeAttributes(name), elb.describeTags(name)]);
  return { live, attributes, tags };
}

async function mustFind(cloud: CloudContext, name: string): Promise<WholeBalancer> {
  const whole = await findWhole(cloud, name);
  if (whole) return whole;
  throw new ProviderError({
    code: "BALANCER_GONE",
    what: `the load balancer ${name} cannot be set up`,
    why: "the cloud does not show it",
    next: "It was deleted outside of this stack. Run `pulumi up` again: it notices that and makes a new one.",
  });
}

interface Sync {
  readonly urn: string;
  readonly name: string;
  readonly oldInputs: Inputs;
  readonly news: Inputs;
}

/**
 * Brings a balancer from what is there to what is wanted, and answers what is there then. Safe to repeat: every difference is
 * found in the cloud, and what is added comes before what is taken away.
 */
export async function syncBalancer(cloud: CloudContext, { urn, name, oldInputs, news }: Sync): Promise<WholeBalancer> {
  const { elb } = cloud;
  const before = await mustFind(cloud, name);
  await syncListeners(cloud, before.live, listenersFrom(news.listeners));
  await syncPlaces(cloud, before.live, news);
  await syncCheck(cloud, { urn, live: before.live, wanted: checkFrom(news.healthCheck) });
  const wanted = attributesFrom(news);
  const { attributes } = before;
  const isSame = attributes.idleTimeout === wanted.idleTimeout && attributes.isCrossZone === wanted.isCrossZone;
  if (!isSame) await elb.modifyAttributes(name, wanted);
  const { surplus, changed } = tagChanges({ live: before.tags, olds: oldInputs.tags, news: news.tags });
  const mark = before.tags[STACK_TAG] === undefined ? { [STACK_TAG]: stackIn(urn) } : {};
  await elb.removeTags(name, surplus);
  await elb.addTags(name, { ...changed, ...mark });
  return mustFind(cloud, name);
}

function attributesFrom(news: Inputs): Attributes {
  const { idleTimeout, crossZoneLoadBalancing } = { ...BALANCER_DEFAULTS, ...news };
  return { idleTimeout: Number(idleTimeout), isCrossZone: crossZoneLoadBalancing === true };
}

/** A listener cannot change: its port is closed for the moment between two calls. */
async function syncListeners(
  { elb, sleep }: CloudContext,
  live: LoadBalancer,
  wanted: readonly Listener[],
): Promise<void> {
  const { name } = live;
  const there = new Set(live.listeners.map(listenerKey));
  const missing = wanted.filter((listener) => !there.has(listenerKey(listener)));
  const kept = new Set(wanted.map(listenerKey));
  const surplus = live.listeners.filter((listener) => !kept.has(listenerKey(listener))).map(({ port }) => port);
  const create = (listeners: readonly Listener[]) =>
    inDoubt(
      { sleep },
      () => elb.createListeners(name, listeners).then(() => true),
      async () => {
        const now = new Set((await elb.findLoadBalancer(name))?.listeners.map(listenerKey));
        return listeners.every((listener) => now.has(listenerKey(listener))) ? true : undefined;
      },
    );
  await create(missing.filter(({ port }) => !surplus.includes(port)));
  await elb.deleteListeners(name, surplus);
  await create(missing.filter(({ port }) => surplus.includes(port)));
}

/** The cloud shows zones that are in service only: none at all says nothing of what was asked for. */
async function syncPlaces({ elb, mode }: CloudContext, live: LoadBalancer, news: Inputs): Promise<void> {
  const { name } = live;
  const zones = textsOf(news.availabilityZones);
  if (zones.length > 0 && live.zones.length > 0) {
    await elb.enableZones(name, without(zones, live.zones));
    await elb.disableZones(name, without(live.zones, zones));
  }
  const subnets = textsOf(news.subnets);
  if (subnets.length > 0) {
    await elb.attachSubnets(name, without(subnets, live.subnetIds));
    await elb.detachSubnets(name, without(live.subnetIds, subnets));
  }
  const groups = textsOf(news.securityGroups).toSorted();
  if (mode === "vpc" && groups.length > 0 && groups.join() !== live.securityGroupIds.join()) {
    await elb.setSecurityGroups(name, groups);
  }
}

const without = (all: readonly string[], others: readonly string[]) => all.filter((each) => !others.includes(each));

interface Check {
  readonly urn: string;
  readonly live: LoadBalancer;
  readonly wanted: HealthCheck | undefined;
}

async function syncCheck({ elb, log }: CloudContext, { urn, live, wanted }: Check): Promise<void> {
  if (!wanted || (live.healthCheck && isSameCheck(live.healthCheck, wanted))) return;
  if (live.instanceIds.length > 0) log.warning(urn, CHECK_WARNING);
  await elb.configureHealthCheck(live.name, wanted);
}

/** Seen in the worker's program: it begins with no server in service. */
export const CHECK_WARNING =
  "another healthCheck takes all servers out for some seconds, until each has passed the new one: readers get 503 meanwhile";
