import { describe, expect, test } from "@jest/globals";
import { COMPLETE_TAG } from "@planet/eucalyptus-client/marks";
import fc from "fast-check";
import { type CallFault, Killed, ModelCloud } from "./testing/modelCloud.ts";
import { MODEL_GROUP, ModelEngine, type RunOptions, StepFailed, type Wanted } from "./testing/modelEngine.ts";

const MINUTE = 60_000;

const release = (generation: number): string => `${generation}`.repeat(8);

/** The project's own stack, as far as servers and addresses go. A generation is another logical name, as a release is. */
function program(cloud: ModelCloud, generation: number, readersWait: boolean): Wanted[] {
  const server = `planet-${release(generation)}`;
  return [
    { name: "elastic", type: "aws:ec2/eip:Eip", inputs: () => ({}), retain: true },
    {
      name: server,
      type: "aws:ec2/instance:Instance",
      inputs: () => ({
        ami: "emi-1",
        userData: `${generation}`,
        userDataReplaceOnChange: true,
        vpcSecurityGroupIds: [MODEL_GROUP],
      }),
    },
    { name: "gate", trigger: (outputs) => id(outputs[server]), isMet: () => true },
    {
      name: "association",
      type: "aws:ec2/eipAssociation:EipAssociation",
      inputs: (outputs) => ({
        publicIp: outputs.elastic?.publicIp ?? "",
        instanceId: id(outputs[server]),
        allowReassociation: true,
      }),
    },
    {
      name: "served",
      trigger: (outputs) => id(outputs.association),
      isMet: (outputs) => !readersWait && cloud.holderOf(String(outputs.elastic?.publicIp)) === id(outputs[server]),
    },
  ];
}

const id = (outputs: { readonly id: string } | undefined): string => outputs?.id ?? "";

interface Run extends RunOptions {
  readonly generation: number;
  readonly isForced: boolean;
  readonly fault?: { readonly at: number; readonly kind: CallFault } | undefined;
  /** The run is interrupted (Ctrl-C, deadline) while readers do not see the new server yet. */
  readonly readersWait: boolean;
}

const anyFault = fc.record({
  at: fc.nat({ max: 12 }),
  kind: fc.constantFrom<CallFault>("killed-before", "killed-after", "500-before", "500-after"),
});
const anyRun: fc.Arbitrary<Run> = fc.record({
  generation: fc.integer({ min: 1, max: 3 }),
  refresh: fc.boolean(),
  isForced: fc.boolean(),
  fault: fc.option(anyFault, { nil: undefined }),
  lostWrite: fc.option(fc.nat({ max: 6 }), { nil: undefined }),
  readersWait: fc.boolean(),
});
const calm = { isForced: false, readersWait: false };

async function upOf(cloud: ModelCloud, engine: ModelEngine, run: Run): Promise<void> {
  cloud.begin(run.fault);
  const replace = run.isForced ? `planet-${release(run.generation)}` : undefined;
  await engine.up(program(cloud, run.generation, run.readersWait), { ...run, replace });
}

/** Killed and failed runs are part of every history; anything else is a mistake of the provider or of the model. */
async function tried(work: Promise<void>): Promise<void> {
  await work.catch((error: unknown) => {
    if (!(error instanceof Killed || error instanceof StepFailed)) throw error;
  });
}

describe.each(["edge", "vpc"] as const)("any history of runs on a cloud in %s mode", (mode) => {
  test(
    "never takes the address from the readers, and one plain update ends it well",
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(anyRun, { maxLength: 7 }), fc.boolean(), async (history, refresh) => {
          const cloud = new ModelCloud(mode);
          const engine = new ModelEngine(cloud);
          for (const run of history) await tried(upOf(cloud, engine, run));

          const generation = history.at(-1)?.generation ?? 1;
          await upOf(cloud, engine, { generation, refresh, ...calm });
          expect(cloud.losses).toEqual([]);
          const inState = engine.state.map((entry) => entry.id);
          const server = engine.state.find(({ urn }) => urn.endsWith(`planet-${release(generation)}`));
          const address = engine.state.find(({ type }) => type.endsWith("Eip"))?.state.publicIp;
          expect(cloud.holderOf(String(address))).toBe(server?.id);
          expect(cloud.living().filter(({ instanceId }) => inState.includes(instanceId))).toHaveLength(1);
          // A server that no state has was killed between its last tag and the engine's write: docs/state.md.
          const others = cloud.living().filter(({ instanceId }) => !inState.includes(instanceId));
          expect(others.filter(({ tags }) => !(COMPLETE_TAG in tags))).toEqual([]);

          await upOf(cloud, engine, { generation, refresh, ...calm });
          expect(engine.steps).toEqual([]);
        }),
        { numRuns: 150 },
      );
    },
    MINUTE,
  );

  test(
    "whatever was interrupted, a forced replacement of one generation leaves one server",
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(anyRun, { maxLength: 5 }), fc.boolean(), async (history, refresh) => {
          const cloud = new ModelCloud(mode);
          const engine = new ModelEngine(cloud);
          await upOf(cloud, engine, { generation: 1, refresh, ...calm });
          for (const run of history) await tried(upOf(cloud, engine, { ...run, generation: 1 }));
          await upOf(cloud, engine, { generation: 1, refresh, ...calm });
          expect(cloud.living()).toHaveLength(1);
          expect(cloud.losses).toEqual([]);
        }),
        { numRuns: 150 },
      );
    },
    MINUTE,
  );

  test(
    "a destroy ends what the state has, also after a broken update",
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(anyRun, { maxLength: 4 }), fc.boolean(), async (history, refresh) => {
          const cloud = new ModelCloud(mode);
          const engine = new ModelEngine(cloud);
          for (const run of history) await tried(upOf(cloud, engine, run));
          const known = engine.state.map((entry) => entry.id);
          cloud.mayLose = true;
          cloud.begin();
          await engine.destroy({ refresh });
          expect(engine.state).toEqual([]);
          expect(cloud.living().filter(({ instanceId }) => known.includes(instanceId))).toEqual([]);
        }),
        { numRuns: 150 },
      );
    },
    MINUTE,
  );
});
