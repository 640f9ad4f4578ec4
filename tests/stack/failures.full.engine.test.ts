import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createClock, createEc2, serviceUrls } from "@planet/eucalyptus-client";
import type { Boot } from "../harness/testCloud.ts";
import { startEngine, type TestEngine, watched } from "../harness/testEngine.ts";
import { waitFor } from "../harness/wait.ts";

const MINUTES = 60_000;

// Proves that a new server which does not get ready never has the address, that `up` says why, and that the next `up`
// works. The machines pretend; what a real one does is in tests/.
let engine: TestEngine;
let generation = 1;
let serverInService = "";
let releaseInService = "";

beforeAll(async () => {
  engine = await startEngine("stack-failures", "vpc", { readyDeadline: 10 });
  await engine.project.up();
  const { instanceId = "", release = "" } = await engine.project.outputs();
  [serverInService, releaseInService] = [instanceId, release];
}, 5 * MINUTES);
afterAll(() => engine?.stop(), MINUTES);

/** Rolls to a server that boots in this way, under a reader's eyes. */
async function roll(boot: Boot) {
  const { cloud, project } = engine;
  const before = await project.outputs();
  cloud.nextBoot = boot;
  generation += 1;
  await project.configure({ generation });
  const address = before.address ?? "";
  const up = () => project.pulumi(["up", "--yes", "--skip-preview"]);
  const { result, failed, seen } = await watched(address, up).finally(() => {
    cloud.nextBoot = "ready";
  });
  return { before, address, result, failed, seen };
}

describe("a new server that", () => {
  test.each<[string, Boot, RegExp]>([
    ["cannot configure itself", "failed", /planet: FAILED step=install rc=100[\s\S]*Unable to locate package/],
    ["serves another release", "other", /within 10 s: 127\S+ serves release ffffffff/],
    ["fails at each request", "broken", /within 10 s: its web server runs and fails \(HTTP 500\)/],
    ["the cloud cannot start", "lost", /did not start[\s\S]*no space left on the node/],
  ])(
    "%s never gets the address, and `up` says so",
    async (_, boot, words) => {
      const { address, result, failed, seen } = await roll(boot);
      expect(result.exitCode).not.toBe(0);
      expect(result.output).toMatch(words);
      expect({ failed, seen }).toEqual({ failed: 0, seen: [releaseInService] });
      expect(engine.cloud.holder(address)).toBe(serverInService);
    },
    2 * MINUTES,
  );

  test(
    "works is put in service by the next `up`, however many failed before, and they all end",
    async () => {
      const { cloud, project } = engine;
      expect(cloud.instances()).toHaveLength(4);
      await project.up();
      const { instanceId, address } = await project.outputs();
      expect(cloud.instances()).toEqual([instanceId]);
      expect(cloud.holder(address ?? "")).toBe(instanceId);
    },
    2 * MINUTES,
  );

  test(
    "ends while it boots is reported as such and at once, and `up` makes another",
    async () => {
      const { cloud, project } = engine;
      const [old] = cloud.instances();
      const rolled = roll("silent");
      const { endpoint, cloud: api } = cloud;
      const credentials = api.credentials;
      const ec2 = createEc2(serviceUrls(endpoint).ec2, { region: "eucalyptus", credentials, clock: createClock() });
      const begun = await waitFor("the new server", 60, async () => cloud.instances().find((id) => id !== old));
      await ec2.terminateInstance(begun);
      const { before, address, result, failed } = await rolled;
      expect(result.output).toMatch(/has ended before it served release \w+: (shutting-down|terminated)/);
      expect([failed, cloud.holder(address)]).toEqual([0, before.instanceId]);

      await project.up();
      expect(cloud.instances()).toEqual([(await project.outputs()).instanceId]);
    },
    2 * MINUTES,
  );

  test(
    "shows nothing in time is asked again by the next `up`, which makes nothing new",
    async () => {
      const { cloud, project } = engine;
      const { before, address, result, failed, seen } = await roll("silent");
      expect({ failed, seen }).toEqual({ failed: 0, seen: [before.release] });
      expect(cloud.holder(address)).toBe(before.instanceId);
      expect(result.output).toMatch(/did not serve release \w+ within 10 s: it has shown nothing at all/);
      expect(result.output).toContain("it asks again");
      const late = cloud.instances().find((instanceId) => instanceId !== before.instanceId) ?? "";
      cloud.becomes(late, "ready");
      await project.up();
      expect(cloud.instances()).toEqual([late]);
    },
    2 * MINUTES,
  );
});
