import type { Observed, StateResource } from "./observe.ts";

/** What has to be true in the end, where a case knows it. */
export interface Expected {
  /** The address that the planet had before. */
  readonly address?: string | undefined;
  readonly release?: string | undefined;
  /** Nothing was to be replaced. */
  readonly instanceId?: string | undefined;
  /** One of the exceptions that docs/state.md lists: a second server that `planet doctor` names. */
  readonly mayLeaveServer?: boolean | undefined;
}

/**
 * What is wrong with a planet that should run: it answers at its address with the right release, from the one server,
 * at the one address; the state says what the cloud has, and what it does not say `planet doctor` does. Pure.
 */
export function judgePlanet(observed: Observed, expected: Expected): string[] {
  if (observed.balancers.length > 0) return judgeBalanced(observed, expected);
  const { address, instanceId, release } = observed.state;
  const held = observed.addresses.find(({ publicAddress }) => publicAddress === address);
  return [
    ...differs("the address", address, expected.address),
    ...differs("the release", release, expected.release),
    ...differs("the server", instanceId, expected.instanceId),
    ...(held
      ? differs("the holder of the address", held.holder || "nobody", instanceId)
      : [`${address} is not allocated`]),
    ...differs("the page's release", observed.served, release),
    ...judgeServers(observed, expected),
    ...judgeForgotten(observed),
    ...judgeState(observed),
    ...judgeLeft(observed),
  ];
}

/**
 * The same for servers behind a balancer, which answers with the right release alone: the members of one group, all of them in the
 * balancer and nobody else, and no process of the group suspended.
 */
function judgeBalanced(observed: Observed, { release: expected }: Expected): string[] {
  const { balancers, scalingGroups, servers, served, state } = observed;
  const ids = new Set(state.resources.map(({ id }) => id));
  const ours = scalingGroups.filter(({ name }) => ids.has(name));
  const members = ours.flatMap((group) => group.members);
  const registered = balancers.flatMap((balancer) => balancer.registered);
  return [
    ...differs("the release", state.release, expected),
    ...differs("the page's release", served, state.release),
    ...(ours.length === 1 ? [] : [`the state has ${ours.length} groups that are there`]),
    ...ours.flatMap(({ name, size, suspended }) => [
      ...(members.length === size ? [] : [`${name} has ${members.length} of ${size} members`]),
      ...suspended.map((process) => `${process} of ${name} is suspended`),
    ]),
    ...differs("who is in the balancer", registered.toSorted().join(), members.toSorted().join()),
    ...servers.filter((id) => !members.includes(id)).map((id) => `server ${id} runs, and is in no group of the state`),
    ...scalingGroups.filter(({ name }) => !ids.has(name)).map(({ name }) => `group ${name} is in no state`),
    ...judgeForgotten(observed),
    ...judgeState(observed),
    ...judgeLeft(observed),
  ];
}

/** What is wrong after a destroy that says it is done. Pure. */
export function judgeNothing(observed: Observed): string[] {
  const { servers, addresses, groups, buckets, state } = observed;
  return [
    ...servers.map((id) => `server ${id} still runs`),
    ...addresses.map(({ publicAddress }) => `address ${publicAddress} is still allocated`),
    ...groups.map(({ id }) => `security group ${id} is still there`),
    ...buckets.map((name) => `bucket ${name} is still there`),
    ...observed.scalingGroups.map(({ name }) => `group of servers ${name} is still there`),
    ...observed.launchConfigurations.map((name) => `launch configuration ${name} is still there`),
    ...observed.balancers.map(({ name }) => `load balancer ${name} is still there`),
    ...state.resources.filter(({ id }) => id !== "").map(({ id }) => `the state still has ${id}`),
  ];
}

/** What a planet that served has lost, whatever was done to it: readers, address, group or bucket. Pure. */
export function judgeLoss(before: Observed, after: Observed): string[] {
  const { address, instanceId } = before.state;
  if (instanceId === undefined) return [];
  const held = after.addresses.find(({ publicAddress }) => publicAddress === address);
  const isHeldByLiving = held !== undefined && after.servers.includes(held.holder);
  return [
    ...(held ? [] : [`lost: ${address} was given up`]),
    ...(held && !isHeldByLiving ? [`lost: ${address} is on ${held.holder || "no server"}`] : []),
    ...(after.served === undefined ? ["lost: nobody answers readers"] : []),
    ...(after.buckets.includes("planet") ? [] : ["lost: the bucket"]),
    ...(after.groups.some(({ ports }) => ports.includes(80)) ? [] : ["lost: no group has port 80 open"]),
    ...before.objects
      .filter((key) => !key.startsWith("objects/") && !after.objects.includes(key))
      .map((key) => `lost: ${key}`),
  ];
}

/** What is in the state and not in the cloud. Pure. */
function judgeState(observed: Observed): string[] {
  const { servers, addresses, groups, buckets, objects, state } = observed;
  const { balancers, scalingGroups, launchConfigurations } = observed;
  const isThere: Readonly<Record<string, (resource: StateResource) => boolean>> = {
    "aws:ec2/instance:Instance": ({ id }) => servers.includes(id),
    "aws:ec2/eip:Eip": ({ outputs }) => addresses.some(({ publicAddress }) => publicAddress === outputs.publicIp),
    "aws:ec2/eipAssociation:EipAssociation": ({ outputs }) =>
      addresses.some((each) => each.publicAddress === outputs.publicIp && each.holder === outputs.instanceId),
    "aws:ec2/securityGroup:SecurityGroup": ({ id }) => groups.some((group) => group.id === id),
    "aws:autoscaling/group:Group": ({ id }) => scalingGroups.some(({ name }) => name === id),
    "aws:ec2/launchConfiguration:LaunchConfiguration": ({ id }) => launchConfigurations.includes(id),
    "aws:elb/loadBalancer:LoadBalancer": ({ id }) => balancers.some(({ name }) => name === id),
    "aws:s3/bucket:Bucket": ({ id }) => buckets.includes(id),
    "aws:s3/bucketObjectv2:BucketObjectv2": ({ outputs }) => objects.includes(String(outputs.key)),
  };
  const gone = state.resources.filter((resource) => isThere[resource.type]?.(resource) === false);
  return gone.map(({ type, id }) => `the state says ${type.split(":").at(-1)} ${id}, the cloud does not`);
}

/** Exactly one, and the state's. A second one runs, and costs; only an exception makes good that `planet doctor` names it. */
function judgeServers(observed: Observed, { mayLeaveServer = false }: Expected): string[] {
  const { servers, state } = observed;
  const { instanceId } = state;
  const witness = (id: string) => (isNamed(id, observed) ? "names it" : "does not name it");
  const others = servers.filter((id) => id !== instanceId && !(mayLeaveServer && isNamed(id, observed)));
  return [
    ...(instanceId !== undefined && !servers.includes(instanceId) ? [`server ${instanceId} does not run`] : []),
    ...others.map((id) => `a second server runs, and planet doctor ${witness(id)}: ${id}`),
  ];
}

/** What the stack cannot do without, and the state no longer knows: the next run would make another one. */
function judgeForgotten({ balancers, buckets, servers, state }: Observed): string[] {
  const ids = new Set(state.resources.map(({ id }) => id));
  const needed = [...servers.filter((id) => id === state.instanceId), ...buckets, ...balancers.map(({ name }) => name)];
  return needed.filter((id) => !ids.has(id)).map((id) => `the state has forgotten ${id}`);
}

/** What is in the cloud and neither in the state nor in what `planet doctor` says. */
function judgeLeft(observed: Observed): string[] {
  const { addresses, groups, launchConfigurations, objects, state } = observed;
  const known = new Set(state.resources.flatMap(({ id, outputs }) => [id, outputs.publicIp, outputs.key]));
  const left = [
    ...addresses.map(({ publicAddress }) => publicAddress),
    ...groups.map(({ id }) => id),
    ...launchConfigurations,
    ...objects,
  ].filter((name) => !known.has(name));
  return left
    .filter((name) => !isNamed(name, observed))
    .map((name) => `left, and planet doctor does not name it: ${name}`);
}

/** What an interrupted run may leave as long as doctor reports it. */
export function namedLeftovers(observed: Observed): string[] {
  const names = [
    ...observed.addresses.map(({ publicAddress }) => publicAddress),
    ...observed.groups.map(({ id }) => id),
    ...observed.launchConfigurations,
    ...observed.servers,
  ];
  return names.filter((name) => isNamed(name, observed));
}

const isNamed = (name: string, { leftovers }: Observed): boolean =>
  leftovers.some((text) => text.split(/[\s(),]+/).includes(name));

const differs = (what: string, is: string | undefined, should: string | undefined): string[] =>
  should === undefined || is === should ? [] : [`${what} is ${is ?? "unknown"}, not ${should}`];
