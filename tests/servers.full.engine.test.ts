import { writeFile } from "node:fs/promises";
import { get } from "node:http";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import {
  createAutoScaling,
  createClock,
  createEc2,
  createElb,
  serviceUrls,
} from "../packages/eucalyptus-client/index.ts";
import { addressesOf } from "../packages/eucalyptus-client/nameServer.ts";
import { TestProject } from "./harness/project.ts";
import { TestCloud } from "./harness/testCloud.ts";

// The real engine, the stack and the provider, on the local cloud's API with loops that run faster; servers and balancer only
// pretend. Proves the order of a deploy behind a balancer and what it leaves; not that a server works.
let cloud: TestCloud;
let project: TestProject;
const MINUTES = 60_000;
/** Drained for 85 s each time that servers leave: a real cloud's time. */
const LIMIT_MS = 8 * MINUTES;

beforeAll(async () => {
  cloud = await TestCloud.start("servers-engine", "vpc", undefined, 40);
  project = await TestProject.create({
    stack: "test",
    config: { ...cloud.settings, servers: 2 },
    ...cloud.cloud.credentials,
  });
  await writeFile(join(project.directory, "userdata/planet.sh"), "#!/bin/bash\n: a stand-in\n");
}, 5 * MINUTES);

afterAll(async () => {
  await project?.remove();
  await cloud?.stop();
}, 3 * MINUTES);

const connection = () => ({ region: "eucalyptus", credentials: cloud.cloud.credentials, clock: createClock() });
const groups = () => createAutoScaling(serviceUrls(cloud.endpoint).autoscaling, connection()).describeGroups();
const balancers = () => createElb(serviceUrls(cloud.endpoint).elb, connection()).describeLoadBalancers();
const isUnchanged = async () => (await project.pulumi(["preview", "--expect-no-changes", "--diff"])).output;

async function until(claim: () => Promise<boolean>): Promise<void> {
  while (!(await claim())) await pause(500);
}

/** As many readers as come in a second, each over a connection of its own, while something happens. */
async function underLoad<Result>(
  work: () => Promise<Result>,
): Promise<{ result: Result; asked: number; failed: string[] }> {
  const { dnsName = "" } = await project.outputs();
  const [address = ""] = await addressesOf(dnsName, new URL(cloud.endpoint).hostname);
  const failed: string[] = [];
  const pending = new Set<Promise<void>>();
  let asked = 0;
  const timer = setInterval(() => {
    asked += 1;
    const request = ask(address)
      .then(
        (status) => void (status === 200 || failed.push(`status ${status}`)),
        (error) => void failed.push(String(error)),
      )
      .then(() => void pending.delete(request));
    pending.add(request);
  }, 50);
  try {
    const result = await work();
    return { result, asked, failed };
  } finally {
    clearInterval(timer);
    await Promise.all(pending);
  }
}

const ask = (address: string): Promise<number> =>
  new Promise((resolve, reject) => {
    get(`http://${address}/`, { agent: false }, (response) => {
      response.resume().on("end", () => resolve(response.statusCode ?? 0));
    }).on("error", reject);
  });

/** One story: each test starts where the one before it ended. */
describe("several servers behind a balancer, with the real engine", () => {
  let first: Record<string, string>;

  test(
    "the first deploy ends when readers get it at the balancer's name; a second preview has nothing to do",
    async () => {
      const preview = await project.succeed(["preview", "--diff"]);
      expect(preview.output).toContain("autoscaling/group");
      await project.up();
      first = await project.outputs();
      expect(first).toMatchObject({ dnsName: expect.stringMatching(/^planet-test-/), servers: 2 });
      expect(first.url).toBe(`http://${first.dnsName}/`);
      expect(cloud.instances()).toHaveLength(2);
      expect(await groups()).toMatchObject([{ desiredCapacity: 2, suspendedProcesses: [] }]);
      const [balancer] = await balancers();
      expect(balancer?.instanceIds.toSorted()).toEqual(cloud.instances().toSorted());
      expect(await isUnchanged()).toMatch(/\d+ unchanged/);
      expect((await project.pulumi(["preview", "--expect-no-changes"])).exitCode).toBe(0);
    },
    LIMIT_MS,
  );

  test(
    "more servers are a change in place, and readers lose no request",
    async () => {
      await project.configure({ servers: 3 });
      const { output } = await project.succeed(["preview", "--diff"]);
      expect(output).toMatch(/~ 1 to update/);
      const { failed, asked } = await underLoad(() => project.up());
      expect({ failed, isAsked: asked > 50 }).toEqual({ failed: [], isAsked: true });
      expect(cloud.instances()).toHaveLength(3);
      await project.configure({ servers: 2 });
      const fewer = await underLoad(() => project.up());
      expect(fewer.failed).toEqual([]);
      expect(cloud.instances()).toHaveLength(2);
    },
    LIMIT_MS,
  );

  test(
    "a server that dies is replaced without a command, and that is no difference",
    async () => {
      const [dead = "", other = ""] = cloud.instances();
      await createEc2(serviceUrls(cloud.endpoint).ec2, connection()).terminateInstance(dead);
      await until(async () => {
        const [balancer] = await balancers();
        const registered = balancer?.instanceIds ?? [];
        return registered.length === 2 && !registered.includes(dead);
      });
      expect(cloud.instances()).toContain(other);
      expect((await project.pulumi(["preview", "--expect-no-changes"])).exitCode).toBe(0);
    },
    LIMIT_MS,
  );

  test(
    "a balancer that reaches nobody ends nobody",
    async () => {
      const before = cloud.instances();
      cloud.cloud.setFault({ fault: "all-out-of-service" });
      const elb = createElb(serviceUrls(cloud.endpoint).elb, connection());
      const isOut = async () =>
        (await elb.describeInstanceHealth("planet-test")).every(({ state }) => state === "OutOfService");
      await until(isOut);
      // Ten minutes of the cloud's own time: a group is looked at each minute.
      await pause(15_000);
      cloud.cloud.clearFault("all-out-of-service");
      await until(async () => !(await isOut()));
      expect(cloud.instances().toSorted()).toEqual(before.toSorted());
      expect((await project.pulumi(["preview", "--expect-no-changes"])).exitCode).toBe(0);
    },
    LIMIT_MS,
  );

  test(
    "a release whose boot fails leaves the old servers in service; going back boots nothing",
    async () => {
      const before = cloud.instances();
      cloud.nextBoot = "failed";
      await project.configure({ generation: 2 });
      const { result, failed } = await underLoad(() => project.pulumi(["up", "--yes", "--skip-preview"]));
      expect(result.exitCode).not.toBe(0);
      expect(result.output).toContain("FAILED step=install");
      expect(failed).toEqual([]);
      cloud.nextBoot = "ready";
      await project.configure({ generation: 1 });
      const back = await underLoad(() => project.up());
      expect(back.failed).toEqual([]);
      expect(cloud.instances().toSorted()).toEqual(before.toSorted());
      expect(await groups()).toHaveLength(1);
      expect((await project.pulumi(["preview", "--expect-no-changes"])).exitCode).toBe(0);
    },
    LIMIT_MS,
  );

  test(
    "a new release takes over, readers lose no request, and the name stays",
    async () => {
      const before = cloud.instances();
      await project.configure({ generation: 3 });
      const { failed, asked } = await underLoad(() => project.up());
      expect({ failed, isAsked: asked > 50 }).toEqual({ failed: [], isAsked: true });
      const after = await project.outputs();
      expect(after.release).not.toBe(first.release);
      expect(after.dnsName).toBe(first.dnsName);
      expect(cloud.instances()).toHaveLength(2);
      expect(cloud.instances().filter((id) => before.includes(id))).toEqual([]);
      expect((await project.pulumi(["preview", "--expect-no-changes"])).exitCode).toBe(0);
    },
    LIMIT_MS,
  );

  test(
    "the way back: both ways at once, then one server behind its address alone",
    async () => {
      await project.configure({ keepServer: true });
      await project.up();
      const both = await project.outputs();
      expect(both).toMatchObject({ dnsName: first.dnsName, address: expect.any(String) });
      expect(cloud.instances()).toHaveLength(3);
      await project.configure({ servers: undefined, keepServer: undefined });
      await project.up();
      expect((await project.outputs()).address).toBe(both.address);
      expect(cloud.instances()).toHaveLength(1);
      expect([await groups(), await balancers()]).toEqual([[], []]);
    },
    LIMIT_MS,
  );

  test(
    "destroy leaves nothing",
    async () => {
      await project.configure({ servers: 1, keepAddress: false });
      await project.up();
      await project.succeed(["destroy", "--yes", "--skip-preview"]);
      expect(cloud.instances()).toEqual([]);
      expect([await groups(), await balancers()]).toEqual([[], []]);
    },
    LIMIT_MS,
  );
});
