import type {
  AutoScalingGroup,
  GroupMember,
  GroupSettings,
  GroupTag,
  InstanceHealth,
  LaunchConfiguration,
  MadeLaunchConfiguration,
  ScalingActivity,
} from "@planet/eucalyptus-client";
import type { CloudContext } from "../cloudContext.ts";
import { liveInstance } from "./facts.ts";
import { fakeBalancers, refusal } from "./fakeBalancers.ts";
import { type FakeCloud, fakeCloud } from "./fakeCloud.ts";

type NewGroup = Omit<AutoScalingGroup, "arn" | "members" | "suspendedProcesses">;

interface FakeGroup {
  live: AutoScalingGroup;
  /** Ids that Auto Scaling believes to be registered: those that came while AddToLoadBalancer was suspended, too. */
  readonly marked: Set<string>;
}

export interface FakeScaling extends FakeCloud {
  readonly groups: Map<string, FakeGroup>;
  readonly balancers: ReturnType<typeof fakeBalancers>["balancers"];
  /** Servers that EC2 still shows as living. */
  readonly living: Set<string>;
  /** Group of each server that ever was. */
  readonly groupOf: Map<string, string>;
  /** Servers that no balancer finds healthy. */
  readonly sick: Set<string>;
  /** Every launch fails with this. */
  failLaunches(why: string | undefined): void;
  /** Ids that were ended while a balancer still had them, or had them less than a drain ago. */
  readonly cutOff: string[];
  /** Registered, and not reported yet. */
  isFresh(instanceId: string): boolean;
  /** A server dies. */
  kill(instanceId: string): void;
  /** One step of the loops, which every sleep makes. */
  tick(ms?: number): void;
  /** A new plugin process: same cloud, another run. */
  readonly nextRun: () => CloudContext;
}

/** The slowest worker and an idle timeout of 20 s, which the tests use. */
const DRAIN_MS = 80_000;

/**
 * Auto Scaling, its balancers and the servers, as far as observed on 5.1.0: members are launched, get in service, are
 * registered, judged and ended by loops that turn once per sleep of the provider.
 */
export function fakeScaling(
  facts: { readonly mode?: "edge" | "vpc"; readonly autoScaling?: object; readonly elb?: object } = {},
): FakeScaling {
  const groups = new Map<string, FakeGroup>();
  const configurations = new Map<string, MadeLaunchConfiguration>();
  const living = new Set<string>();
  const sick = new Set<string>();
  const fresh = new Set<string>();
  /** Of servers that may have ended. */
  const groupOf = new Map<string, string>();
  const leftAt = new Map<string, number>();
  const inServiceAt = new Map<string, number>();
  const cutOff: string[] = [];
  const activities = new Map<string, ScalingActivity[]>();
  let launches = 0;
  let now = 0;
  let launchFailure: string | undefined;

  const stateOf = (id: string): InstanceHealth["state"] =>
    !living.has(id) ? "Error" : sick.has(id) || fresh.has(id) ? "OutOfService" : "InService";
  const { balancers, elb } = fakeBalancers(stateOf);
  const must = (name: string): FakeGroup => {
    const found = groups.get(name);
    if (!found) throw refusal("ValidationError", `Auto scaling group not found: ${name}`);
    return found;
  };
  const change = (group: FakeGroup, changes: Partial<AutoScalingGroup>) => {
    group.live = { ...group.live, ...changes };
  };
  const note = (group: FakeGroup, activity: Omit<ScalingActivity, "activityId" | "startTime">) =>
    activities.set(group.live.name, [
      { ...activity, activityId: `a-${launches++}`, startTime: "" },
      ...(activities.get(group.live.name) ?? []),
    ]);

  const ofGroup = ({ live }: FakeGroup) => live.loadBalancerNames.filter((name) => balancers.has(name));
  const register = (balancer: string, ids: readonly string[]) => {
    for (const id of ids) if (!balancers.get(balancer)?.live.instanceIds.includes(id)) fresh.add(id);
    elb.registerInstances(balancer, ids);
    for (const id of ids) leftAt.delete(id);
  };
  const deregister = (balancer: string, ids: readonly string[]) => {
    const had = balancers.get(balancer)?.live.instanceIds ?? [];
    for (const id of ids) if (had.includes(id)) leftAt.set(id, now);
    elb.deregisterInstances(balancer, ids);
  };
  const end = (group: FakeGroup, id: string) => {
    const isServing = ofGroup(group).some((name) => balancers.get(name)?.live.instanceIds.includes(id));
    const left = leftAt.get(id);
    if (living.has(id) && (isServing || (left !== undefined && now - left < DRAIN_MS))) cutOff.push(id);
    for (const name of ofGroup(group)) elb.deregisterInstances(name, [id]);
    living.delete(id);
    change(group, { members: group.live.members.filter(({ instanceId }) => instanceId !== id) });
  };
  const launch = (group: FakeGroup) => {
    if (launchFailure !== undefined) {
      note(group, { description: "Launching a new EC2 instance", statusCode: "Failed", statusMessage: launchFailure });
      return;
    }
    launches += 1;
    const instanceId = `i-${String(launches).padStart(3, "0")}`;
    living.add(instanceId);
    groupOf.set(instanceId, group.live.name);
    const { launchConfigurationName } = group.live;
    const member: GroupMember = {
      ...{ instanceId, zone: "one", lifecycleState: "Pending", isHealthy: true, launchConfigurationName },
    };
    change(group, { members: [...group.live.members, member] });
    note(group, {
      description: `Launching a new EC2 instance: ${instanceId}`,
      statusCode: "Successful",
      statusMessage: "",
    });
  };
  const turn = (group: FakeGroup) => {
    const isSuspended = (process: string) => group.live.suspendedProcesses.includes(process);
    for (const { instanceId, lifecycleState } of group.live.members) {
      if (lifecycleState === "InService" && !group.marked.has(instanceId)) {
        group.marked.add(instanceId);
        inServiceAt.set(instanceId, now);
        if (!isSuspended("AddToLoadBalancer")) for (const name of ofGroup(group)) register(name, [instanceId]);
      } else if (!isSuspended("HealthCheck") && lifecycleState === "InService") {
        const isOut = ofGroup(group).some((name) =>
          elb
            .describeInstanceHealth(name)
            .some((each) => each.instanceId === instanceId && each.state === "OutOfService"),
        );
        const isJudged = now - (inServiceAt.get(instanceId) ?? now) > group.live.healthCheckGracePeriod * 1000;
        const isBad = group.live.healthCheckType === "ELB" && isOut && isJudged;
        if (!living.has(instanceId) || isBad) end(group, instanceId);
      }
    }
    change(group, { members: group.live.members.map((member) => ({ ...member, lifecycleState: "InService" })) });
    const missing = group.live.desiredCapacity - group.live.members.length;
    for (let count = 0; count < missing; count++) launch(group);
    for (const { instanceId } of missing < 0 ? group.live.members.slice(0, -missing) : []) end(group, instanceId);
  };
  const tick = (ms = 5000) => {
    now += ms;
    const waiting = [...fresh];
    for (const group of groups.values()) turn(group);
    // The worker's first report comes a turn after the registration.
    for (const id of waiting) fresh.delete(id);
  };

  const autoScaling = {
    describeGroups: (names: readonly string[] = []) =>
      [...groups.values()].map(({ live }) => live).filter(({ name }) => names.length === 0 || names.includes(name)),
    findGroup: (name: string) => groups.get(name)?.live,
    findLaunchConfiguration: (name: string) => configurations.get(name),
    createLaunchConfiguration(wanted: LaunchConfiguration) {
      if (configurations.has(wanted.name)) throw refusal("AlreadyExists");
      configurations.set(wanted.name, { ...wanted, arn: `arn:${wanted.name}` });
    },
    deleteLaunchConfiguration(name: string) {
      if ([...groups.values()].some(({ live }) => live.launchConfigurationName === name))
        throw refusal("ResourceInUse");
      configurations.delete(name);
    },
    createGroup(wanted: NewGroup) {
      if (groups.has(wanted.name)) throw refusal("AlreadyExists");
      if (configurations.size > 0 && !configurations.has(wanted.launchConfigurationName)) {
        throw refusal("ValidationError", `Launch configuration not found: ${wanted.launchConfigurationName}`);
      }
      const sorted = { zones: wanted.zones.toSorted(), loadBalancerNames: wanted.loadBalancerNames.toSorted() };
      const live = { ...wanted, ...sorted, arn: `arn:${wanted.name}`, members: [], suspendedProcesses: [] };
      groups.set(wanted.name, { live, marked: new Set() });
    },
    updateGroup(name: string, settings: GroupSettings) {
      const { minSize, desiredCapacity, maxSize } = settings;
      if (minSize > desiredCapacity || desiredCapacity > maxSize) throw refusal("ValidationError");
      change(must(name), settings);
    },
    deleteGroup(name: string, { isForced }: { readonly isForced: boolean }) {
      const group = groups.get(name);
      if (!group) return;
      if (group.live.members.length > 0 && !isForced) throw refusal("ResourceInUse");
      for (const { instanceId } of group.live.members) end(group, instanceId);
      groups.delete(name);
    },
    suspendProcesses: (name: string, processes: readonly string[]) =>
      change(must(name), {
        suspendedProcesses: [...new Set([...must(name).live.suspendedProcesses, ...processes])].toSorted(),
      }),
    resumeProcesses: (name: string, processes: readonly string[]) =>
      change(must(name), {
        suspendedProcesses: must(name).live.suspendedProcesses.filter((process) => !processes.includes(process)),
      }),
    setGroupTags(name: string, tags: readonly GroupTag[]) {
      const others = must(name).live.tags.filter(({ key }) => !tags.some((tag) => tag.key === key));
      change(must(name), { tags: [...others, ...tags] });
    },
    deleteGroupTags: (name: string, tags: readonly GroupTag[]) =>
      change(must(name), { tags: must(name).live.tags.filter(({ key }) => !tags.some((tag) => tag.key === key)) }),
    describeActivities: (name: string) => activities.get(must(name).live.name) ?? [],
    terminateMember(instanceId: string) {
      for (const group of groups.values()) {
        if (!group.live.members.some((member) => member.instanceId === instanceId)) continue;
        end(group, instanceId);
        change(group, { desiredCapacity: group.live.desiredCapacity - 1 });
      }
    },
    ...facts.autoScaling,
  };
  const ec2 = {
    describeInstances: (filters: Record<string, readonly string[]> = {}) =>
      [...living]
        .filter((id) => filters["tag:aws:autoscaling:groupName"]?.includes(groupOf.get(id) ?? "") ?? true)
        .map((instanceId) => liveInstance({ instanceId })),
    describeImages: () => [{ imageId: "emi-1", name: "" }],
    describeInstanceTypes: () => [{ name: "t2.small" }],
    describeKeyPairs: () => [],
  };
  const found = () => {
    const calls = { registerInstances: register, deregisterInstances: deregister };
    return fakeCloud({ mode: facts.mode ?? "edge", autoScaling, ec2, elb: { ...elb, ...calls, ...facts.elb } });
  };
  const first = found();
  const sleeping = (cloud: CloudContext): CloudContext => ({
    ...cloud,
    sleep: (ms) => {
      tick(ms);
      return Promise.resolve();
    },
  });
  return {
    ...first,
    cloud: sleeping(first.cloud),
    ...{ groups, balancers, living, groupOf, sick, cutOff, tick },
    failLaunches(why) {
      launchFailure = why;
    },
    isFresh: (instanceId) => fresh.has(instanceId),
    kill: (instanceId) => void living.delete(instanceId),
    nextRun: () => sleeping({ ...found().cloud, log: first.cloud.log }),
  };
}

/** The plugin dies before it makes this call, counted from here on from 0. */
export function killedAt(fake: FakeScaling, at: number): CloudContext {
  let count = 0;
  const dying = <Api extends object>(api: Api): Api =>
    new Proxy(api, {
      get(target, name) {
        const call = Reflect.get(target, name) as (...args: unknown[]) => unknown;
        return (...args: unknown[]) => {
          count += 1;
          if (count > at) throw new Error("killed");
          return call(...args);
        };
      },
    });
  const { cloud } = fake;
  return { ...cloud, autoScaling: dying(cloud.autoScaling), elb: dying(cloud.elb), ec2: dying(cloud.ec2) };
}
