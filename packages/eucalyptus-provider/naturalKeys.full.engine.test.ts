import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { clientsOf, type EngineProject, makeEngineProject } from "./testing/engineProject.ts";
import { leavings } from "./testing/leavings.ts";
import { changed, operations, run, up } from "./testing/lifecycleProject.ts";
import { NATURAL, naturalProgram, naturalThings, naturalUrns } from "./testing/naturalKeys.ts";

const MINUTES = 60_000;
const ALL_THERE = Object.fromEntries(NATURAL.map((name) => [name, true]));

describe.each(["vpc", "edge"] as const)(
  "things with a name of the program's own, cloud in %s mode (no machines boot)",
  (mode) => {
    let project: EngineProject;
    beforeAll(async () => {
      project = await makeEngineProject(mode);
      await project.program(naturalProgram());
      await up(project);
    }, 15 * MINUTES);
    afterAll(() => project.remove());

    const areThereAndTheSame = async () => {
      expect(await naturalThings(clientsOf(project))).toEqual(ALL_THERE);
      expect(changed(await operations(project))).toEqual({});
    };

    test(
      "stay when all are replaced by force",
      async () => {
        await up(project, ...naturalUrns("test").flatMap((urn) => ["--replace", urn]));
        await areThereAndTheSame();
      },
      10 * MINUTES,
    );

    test(
      "stay when all are tainted",
      async () => {
        await run(project, "state", "taint", "--yes", ...naturalUrns("test"));
        await up(project);
        await areThereAndTheSame();
      },
      10 * MINUTES,
    );

    test(
      "stay when their logical names change",
      async () => {
        await project.program(naturalProgram("-renamed"));
        await up(project);
        await areThereAndTheSame();
      },
      10 * MINUTES,
    );

    test(
      "go when the program has them no more",
      async () => {
        await project.program("");
        await up(project);
        expect(await leavings(clientsOf(project))).toEqual([]);
      },
      10 * MINUTES,
    );
  },
);
