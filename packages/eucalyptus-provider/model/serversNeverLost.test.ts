import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { type CallFault, Killed } from "./testing/modelCloud.ts";
import { ModelEngine, type Outputs, type RunOptions, StepFailed, type Wanted } from "./testing/modelEngine.ts";
import { ModelScaling } from "./testing/modelScaling.ts";

const MINUTE = 60_000;

const release = (generation: number): string => `${generation}`.repeat(8);
const textAt = (outputs: Outputs, name: string, output: string) => String(outputs[name]?.[output]);

/** Several servers behind a balancer that stays: of each release a launch configuration, a group, a gate and an attachment. */
function program(cloud: ModelScaling, { generation, size }: { generation: number; size: number }): Wanted[] {
  const name = `web-${release(generation)}`;
  const [starts, group, traffic] = [`${name}-starts`, name, `${name}-traffic`];
  return [
    {
      name: "balancer",
      type: "aws:elb/loadBalancer:LoadBalancer",
      inputs: () => ({
        ...{ name: "web", availabilityZones: ["one"], idleTimeout: 20 },
        listeners: [{ instancePort: 80, instanceProtocol: "HTTP", lbPort: 80, lbProtocol: "HTTP" }],
      }),
    },
    {
      name: starts,
      type: "aws:ec2/launchConfiguration:LaunchConfiguration",
      inputs: () => ({ imageId: "emi-1", instanceType: "t2.small", userData: `${generation}` }),
    },
    {
      name: group,
      type: "aws:autoscaling/group:Group",
      inputs: (outputs) => ({
        ...{ launchConfiguration: textAt(outputs, starts, "name"), availabilityZones: ["one"] },
        ...{ minSize: size, maxSize: size, desiredCapacity: size },
        ...{ loadBalancers: [textAt(outputs, "balancer", "name")], suspendedProcesses: ["AddToLoadBalancer"] },
        ...{ healthCheckType: "ELB", healthCheckGracePeriod: 60 },
      }),
    },
    { name: "gate", trigger: (outputs) => textAt(outputs, group, "id"), isMet: () => true },
    {
      name: traffic,
      type: "aws:autoscaling/attachment:Attachment",
      inputs: (outputs) => ({
        autoscalingGroupName: textAt(outputs, group, "name"),
        elb: textAt(outputs, "balancer", "name"),
      }),
    },
    {
      name: "served",
      trigger: (outputs) => textAt(outputs, traffic, "id"),
      isMet: (outputs) => {
        const registered = cloud.registeredAt("web");
        return cloud.membersOf(textAt(outputs, group, "name")).every((id) => registered.includes(id));
      },
    },
  ];
}

interface Run extends RunOptions {
  readonly generation: number;
  readonly size: number;
  /** What is replaced whatever its difference says. */
  readonly forced?: string | undefined;
  readonly fault?: { readonly at: number; readonly kind: CallFault } | undefined;
}

const anyRun: fc.Arbitrary<Run> = fc.record({
  generation: fc.integer({ min: 1, max: 3 }),
  size: fc.integer({ min: 1, max: 3 }),
  refresh: fc.boolean(),
  forced: fc.option(fc.constantFrom("", "-starts", "-traffic"), { nil: undefined }),
  fault: fc.option(
    fc.record({
      at: fc.nat({ max: 40 }),
      kind: fc.constantFrom<CallFault>("killed-before", "killed-after", "500-before", "500-after"),
    }),
    { nil: undefined },
  ),
  lostWrite: fc.option(fc.nat({ max: 10 }), { nil: undefined }),
});

async function upOf(cloud: ModelScaling, engine: ModelEngine, run: Run): Promise<void> {
  cloud.begin(run.fault);
  const replace = run.forced === undefined ? undefined : `web-${release(run.generation)}${run.forced}`;
  await engine.up(program(cloud, run), { ...run, replace });
}

/** Killed and failed runs are part of every history; anything else is a mistake of the provider or of the model. */
async function tried(work: Promise<void>): Promise<void> {
  await work.catch((error: unknown) => {
    if (!(error instanceof Killed || error instanceof StepFailed)) throw error;
  });
}

describe("any history of runs with several servers behind a balancer", () => {
  test(
    "never leaves the balancer without a server, cuts off no reader, and one plain update ends it well",
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(anyRun, { maxLength: 6 }), fc.boolean(), async (history, refresh) => {
          const cloud = new ModelScaling();
          const engine = new ModelEngine(cloud);
          for (const run of history) await tried(upOf(cloud, engine, run));

          const { generation = 1, size = 2 } = history.at(-1) ?? {};
          await upOf(cloud, engine, { generation, size, refresh });
          cloud.tick();
          const inState = engine.state.filter(({ type }) => type.endsWith(":Group")).map(({ id }) => id);
          expect(inState).toHaveLength(1);
          const [group = ""] = inState;
          expect(cloud.groups).toEqual([group]);
          expect(cloud.membersOf(group)).toHaveLength(size);
          expect(cloud.living).toEqual(cloud.membersOf(group));
          expect(cloud.registeredAt("web")).toEqual(cloud.membersOf(group));
          expect({ losses: cloud.losses, cutOff: cloud.cutOff }).toEqual({ losses: [], cutOff: [] });

          await upOf(cloud, engine, { generation, size, refresh });
          expect(engine.steps).toEqual([]);
        }),
        { numRuns: 100 },
      );
    },
    2 * MINUTE,
  );

  /** More changing calls than a release has. */
  const CALLS = 30;
  test.each<CallFault>(["killed-before", "killed-after", "500-after"])(
    "a release that is broken off at any call (%s) and taken back ends well, with and without a look at the cloud first",
    async (kind) => {
      for (let at = 0; at < CALLS; at++) {
        for (const refresh of [false, true]) {
          const cloud = new ModelScaling();
          const engine = new ModelEngine(cloud);
          await upOf(cloud, engine, { generation: 1, size: 2, refresh });
          await tried(upOf(cloud, engine, { generation: 2, size: 2, refresh, fault: { at, kind } }));
          await upOf(cloud, engine, { generation: 1, size: 2, refresh });
          cloud.tick();
          const [group = ""] = cloud.groups;
          expect({ at, losses: cloud.losses, cutOff: cloud.cutOff }).toEqual({ at, losses: [], cutOff: [] });
          expect({ at, registered: cloud.registeredAt("web") }).toEqual({ at, registered: cloud.membersOf(group) });
          expect(cloud.living).toEqual(cloud.membersOf(group));
        }
      }
    },
    MINUTE,
  );

  test(
    "a destroy ends all of it, also after a broken update",
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(anyRun, { maxLength: 4 }), fc.boolean(), async (history, refresh) => {
          const cloud = new ModelScaling();
          const engine = new ModelEngine(cloud);
          await upOf(cloud, engine, { generation: 1, size: 1, refresh });
          for (const run of history) await tried(upOf(cloud, engine, run));
          cloud.begin();
          await engine.destroy({ refresh });
          expect([engine.state, cloud.balancers]).toEqual([[], []]);
          expect([cloud.groups, cloud.living]).toEqual([[], []]);
        }),
        { numRuns: 100 },
      );
    },
    2 * MINUTE,
  );
});
