import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { startEngine, type TestEngine, watched } from "../harness/testEngine.ts";

const MINUTES = 60_000;

// Proves the order of an update in both network modes of a Eucalyptus. Not that a server works.
describe.each(["vpc", "edge"] as const)("a server on a cloud in mode %s", (mode) => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await startEngine(`stack-${mode}`, mode);
  }, 5 * MINUTES);
  afterAll(() => engine?.stop(), MINUTES);

  test(
    "is made once: an update with other waiting times has nothing to do",
    async () => {
      const { cloud, project } = engine;
      await project.up();
      await project.configure({ draining: 60, readyDeadline: 90 }); // how to wait, not what to wait for
      await project.up("--expect-no-changes");
      expect(cloud.instances()).toHaveLength(1);
    },
    3 * MINUTES,
  );

  test(
    "is replaced without a failed request, and the old one ends last",
    async () => {
      const { cloud, project } = engine;
      const before = await project.outputs();
      await project.configure({ generation: 2, draining: 0, sshFrom: ["10.0.0.0/8"] });
      const { failed, seen } = await watched(before.address ?? "", () => project.up());
      const after = await project.outputs();
      expect(failed).toBe(0);
      expect(seen).toEqual([before.release, after.release]);
      expect(cloud.instances()).toEqual([after.instanceId]);
      expect(after.address).toBe(before.address);
    },
    2 * MINUTES,
  );

  test(
    "is destroyed, and its address stays: it can be adopted, and stays again",
    async () => {
      const { cloud, project } = engine;
      const { address } = await project.outputs();
      await project.succeed(["destroy", "--yes", "--skip-preview"]);
      expect(cloud.instances()).toEqual([]);
      expect(cloud.cloud.describe().addresses).toMatchObject([{ publicAddress: address }]);

      await project.configure({ address, keepAddress: false });
      await project.up();
      expect((await project.outputs()).address).toBe(address);
      expect(cloud.holder(address ?? "")).toBe((await project.outputs()).instanceId);
      await project.succeed(["destroy", "--yes", "--skip-preview"]);
      expect(cloud.cloud.describe().addresses).toMatchObject([{ publicAddress: address }]);
    },
    3 * MINUTES,
  );
});
