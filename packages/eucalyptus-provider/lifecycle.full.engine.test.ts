import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { clientsOf, type EngineProject, makeEngineProject } from "./testing/engineProject.ts";
import { leavings, vanish } from "./testing/leavings.ts";
import {
  changed,
  factsOf,
  importedProgram,
  nameOf,
  type Operation,
  operations,
  program,
  run,
  up,
} from "./testing/lifecycleProject.ts";
import { type Facts, type Lifecycle, lifecycles, type Written } from "./testing/lifecycles.ts";

const MINUTES = 60_000;

/**
 * The types live side by side in one stack: each step is one run of the engine for all of them. A step of a type that
 * has no more changes is "nothing happens".
 */
describe.each(["vpc", "edge"] as const)(
  "the life of every resource type, cloud in %s mode (no machines boot)",
  (mode) => {
    const all = lifecycles(mode);
    let project: EngineProject;
    let inputs: ReadonlyMap<Lifecycle, Written> = new Map(all.map((one) => [one, one.inputs]));
    let facts: Record<string, Facts> = {};
    const things = () => [...inputs].map(([lifecycle, written]) => ({ lifecycle, inputs: written }));
    const factsFor = ({ type }: Lifecycle) => facts[nameOf(type)] ?? {};
    const ofAll = (operation: Operation) => Object.fromEntries(all.map(({ type }) => [nameOf(type), operation]));

    beforeAll(async () => {
      project = await makeEngineProject(mode);
    }, 15 * MINUTES);
    afterAll(() => project.remove());

    test(
      "is created; then neither a preview nor a refresh finds a difference",
      async () => {
        await project.program(program(things()));
        await up(project);
        expect(changed(await operations(project))).toEqual({});
        await run(project, "refresh", "--yes", "--skip-preview", "--expect-no-changes");
        expect(changed(await operations(project))).toEqual({});
        facts = await factsOf(project);
      },
      10 * MINUTES,
    );

    const rounds = Math.max(...all.map((one) => one.changes({}).length));
    test.each(Array.from({ length: rounds }, (_, round) => ({ round })))(
      "change $round of each type updates, replaces or does nothing, as it should",
      async ({ round }) => {
        const changes = new Map(all.map((one) => [one, one.changes(factsFor(one))[round]] as const));
        inputs = new Map(all.map((one) => [one, written(inputs.get(one) ?? {}, changes.get(one)?.set ?? {})]));
        await project.program(program(things()));
        const expected = all.map((one) => [nameOf(one.type), changes.get(one)?.means ?? "same"] as const);
        const seen = changed(await operations(project));
        await up(project);
        facts = await factsOf(project);
        expect(seen).toEqual(changed(Object.fromEntries(expected)));
      },
      10 * MINUTES,
    );

    test(
      "after all of them neither a preview nor a refresh finds a difference",
      async () => {
        expect(changed(await operations(project))).toEqual({});
        await run(project, "refresh", "--yes", "--skip-preview", "--expect-no-changes");
      },
      10 * MINUTES,
    );

    test(
      "imported into a fresh stack, the program that one would write finds no difference",
      async () => {
        const imports = all.map((one) => ({ one, ...one.imported(factsFor(one)) }));
        await run(project, "stack", "init", "imported");
        const elsewhere = ["--stack", "imported"];
        await project.program("");
        await up(project, ...elsewhere);
        const resources = imports.map(({ one, id }) => ({
          type: one.token,
          name: nameOf(one.type),
          id,
          provider: "cloud",
        }));
        const nameTable = { cloud: "urn:pulumi:imported::provider-test::pulumi:providers:aws::cloud" };
        const file = await project.write("import.json", JSON.stringify({ nameTable, resources }));
        await run(
          project,
          "import",
          ...elsewhere,
          "--file",
          file,
          "--yes",
          "--skip-preview",
          "--generate-code=false",
          "--protect=false",
        );
        await project.program(
          importedProgram(imports.map(({ one, program: text }) => ({ lifecycle: one, inputs: text }))),
        );
        expect(changed(await operations(project, ...elsewhere))).toEqual({});
        await run(project, "stack", "rm", "imported", "--yes", "--force");
      },
      10 * MINUTES,
    );

    test(
      "deleted behind our back, the next preview makes it anew",
      async () => {
        await project.program(program(things()));
        await vanish(clientsOf(project), (type) => facts[type] ?? {});
        expect(changed(await operations(project, "--refresh"))).toEqual(ofAll("create"));
        await up(project, "--refresh");
        expect(changed(await operations(project))).toEqual({});
      },
      10 * MINUTES,
    );

    test(
      "destroyed, nothing of it is left",
      async () => {
        await run(project, "destroy", "--yes", "--skip-preview");
        expect(await leavings(clientsOf(project))).toEqual([]);
      },
      10 * MINUTES,
    );
  },
);

/** Inputs after a change. */
function written(before: Written, set: Readonly<Record<string, string | undefined>>): Written {
  const entries = Object.entries({ ...before, ...set });
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
}
