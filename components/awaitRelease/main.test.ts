import { describe, expect, test } from "@jest/globals";
import { awaitMembers } from "./awaitMembers.ts";
import { awaitReadiness } from "./awaitReadiness.ts";
import { awaitServed } from "./awaitServed.ts";
import { awaitTraffic } from "./awaitTraffic.ts";
import { NO_HTTPS } from "./certificate.ts";
import { main } from "./main.ts";
import { fakeEdges, serving } from "./testing/fakeEdges.ts";

const release = "0a1b2c3d";
const readiness = {
  release,
  deadlineSeconds: 60,
  instanceId: "i-1",
  publicAddress: "192.0.2.1",
  privateAddress: "10.0.0.1",
  ec2Url: "http://192.0.2.3:8773/services/compute/",
  region: "eucalyptus",
  ...NO_HTTPS,
};
const served = { release, address: "192.0.2.9", deadlineSeconds: 60, drainingSeconds: 30, ...NO_HTTPS };

describe("awaitReadiness (proves when it ends and what it says; not that a server works)", () => {
  test.each([
    ["its public address", "http://192.0.2.1/"],
    ["its private address", "http://10.0.0.1/"],
  ])("ends when %s shows the release", async (_, start) => {
    const edges = fakeEdges({
      get: (url, second) => (url.startsWith(start) && second >= 20 ? serving(release) : new Error("refused")),
    });
    await awaitReadiness(readiness, edges);
    expect(edges.seconds()).toBe(20);
  });

  test("ends when only the console can be read", async () => {
    const edges = fakeEdges({ console: (second) => (second >= 23 ? `planet: READY release=${release}\n` : "boot\n") });
    await awaitReadiness(readiness, edges);
    expect(edges.seconds()).toBe(24);
  });

  test.each([
    ["another release", serving("ffffffff"), "192.0.2.1 serves release ffffffff"],
    ["a failure", { status: 500, text: "" }, "its web server runs and fails (HTTP 500)"],
  ])("does not believe the console where an address shows %s", async (_, answer, reason) => {
    const edges = fakeEdges({ get: () => answer, console: () => `planet: READY release=${release}\n` });
    await expect(awaitReadiness(readiness, edges)).rejects.toThrow(reason);
    expect(edges.seconds()).toBe(60);
  });

  test("believes the console where a private address leads to somebody else's machine", async () => {
    const get = (url: string) => (url.includes("10.0.0.1") ? { status: 404, text: "" } : new Error("refused"));
    const edges = fakeEdges({ get, console: () => `planet: READY release=${release}\n` });
    await expect(awaitReadiness(readiness, edges)).resolves.toBeUndefined();
  });

  test("fails at once when the instance has ended, with the last that its console showed", async () => {
    const edges = fakeEdges({
      console: (second) => (second < 10 ? "planet: step=install\n" : new Error("InternalFailure")),
      end: () => "terminated (User terminated)",
    });
    await expect(awaitReadiness(readiness, edges)).rejects.toMatchObject({
      code: "ENDED",
      what: expect.stringContaining("terminated (User terminated)"),
      why: expect.stringContaining("step=install"),
    });
    expect(edges.seconds()).toBeLessThanOrEqual(12);
  });

  test("is not content with another release", async () => {
    const edges = fakeEdges({ get: () => serving("ffffffff"), console: () => "planet: READY release=ffffffff\n" });
    await expect(awaitReadiness(readiness, edges)).rejects.toMatchObject({
      code: "NOT_READY",
      why: expect.stringContaining("192.0.2.1: release ffffffff"),
    });
    expect(edges.seconds()).toBe(60);
  });

  test("fails at once when the boot failed, with the line and the end of the console", async () => {
    const edges = fakeEdges({
      console: () => "E: Unable to locate package nginx\nplanet: FAILED step=install rc=100\n",
    });
    await expect(awaitReadiness(readiness, edges)).rejects.toMatchObject({
      code: "BOOT_FAILED",
      what: expect.stringContaining("planet: FAILED step=install rc=100"),
      why: expect.stringContaining("Unable to locate package"),
    });
    expect(edges.seconds()).toBeLessThanOrEqual(10);
  });

  test("says every few seconds what it waits for", async () => {
    const edges = fakeEdges({ get: () => ({ status: 503, text: "" }), console: () => new Error("no keys") });
    await expect(awaitReadiness(readiness, edges)).rejects.toThrow(
      "HTTP 503; 10.0.0.1: HTTP 503; console: cannot be read: no keys",
    );
    expect(edges.said.length).toBeGreaterThan(8);
    expect(edges.said.at(-1)).toMatch(/^waiting for i-1 to serve 0a1b2c3d, \d+ of 60 s \(192\.0\.2\.1: HTTP 503;/);
  });

  test("works without any address", async () => {
    const edges = fakeEdges({ console: () => `planet: READY release=${release}\n` });
    await expect(
      awaitReadiness({ ...readiness, publicAddress: "", privateAddress: "" }, edges),
    ).resolves.toBeUndefined();
  });
});

describe("awaitServed", () => {
  test("waits for several answers in a row, then for the draining time", async () => {
    const edges = fakeEdges({ get: () => serving(release) });
    await awaitServed(served, edges);
    expect(edges.asked).toHaveLength(5);
    expect(edges.seconds()).toBe(4 * 0.5 + 30);
  });

  test("begins to count again when the old server answers", async () => {
    const edges = fakeEdges({ get: (_, second) => serving(second === 1.5 || second < 1 ? "ffffffff" : release) });
    await awaitServed({ ...served, drainingSeconds: 0 }, edges);
    expect(edges.seconds()).toBe(2 + 4 * 0.5);
  });

  test("fails at the deadline with the last answer", async () => {
    const edges = fakeEdges({ get: () => serving("ffffffff") });
    await expect(awaitServed(served, edges)).rejects.toMatchObject({
      code: "NOT_SEEN",
      why: "Last answer: release ffffffff",
      next: expect.stringContaining("planet rollback"),
    });
    expect(edges.seconds()).toBe(60);
  });
});

describe("awaitMembers", () => {
  const task = {
    ...{ release, deadlineSeconds: 60, group: "planet-0a1b2c3d", region: "eucalyptus" },
    ...{ autoScalingUrl: "http://192.0.2.3:8773/services/AutoScaling/", ec2Url: readiness.ec2Url, ...NO_HTTPS },
  };
  const member = (number: number) => {
    return { instanceId: `i-${number}`, publicAddress: `192.0.2.${number}`, privateAddress: "" };
  };
  const two = { size: 2, members: [member(1), member(2)] };

  test("ends when each server shows the release at its own address", async () => {
    const get = (url: string, second: number) =>
      serving(url.includes("192.0.2.2") && second < 20 ? "ffffffff" : release);
    const edges = fakeEdges({ get, members: () => two });
    await awaitMembers(task, edges);
    expect(edges.seconds()).toBeGreaterThanOrEqual(20);
    expect(edges.said.at(-1)).toBe("i-1, i-2 serve 0a1b2c3d");
  });

  test("waits for the successor of a server that ends, and for all that there should be", async () => {
    const edges = fakeEdges({
      get: (url, second) => (url.includes("192.0.2.2/") || second < 5 ? new Error("refused") : serving(release)),
      console: () => new Error("no such instance"),
      end: () => "terminated",
      members: (second) =>
        second < 15 ? two : { size: 2, members: second < 30 ? [member(1)] : [member(1), member(3)] },
    });
    await awaitMembers(task, edges);
    expect(edges.said.at(-1)).toBe("i-1, i-3 serve 0a1b2c3d");
  });

  test("fails at once when a boot failed: every successor would fail likewise", async () => {
    const edges = fakeEdges({ members: () => two, console: () => "planet: FAILED step=install rc=100\n" });
    await expect(awaitMembers(task, edges)).rejects.toMatchObject({ code: "BOOT_FAILED" });
    expect(edges.seconds()).toBeLessThanOrEqual(10);
  });

  test.each([
    ["there are too few servers", { ...two, members: [member(1)] }, "1 of 2 servers run"],
    ["the group cannot be read", new Error("http 503"), "http 503"],
  ])("fails at the deadline when %s", async (_, members, why) => {
    const edges = fakeEdges({ get: () => serving(release), members: () => members });
    const expected = { code: "SERVERS_NOT_READY", why: expect.stringContaining(why) };
    await expect(awaitMembers(task, edges)).rejects.toMatchObject(expected);
    expect(edges.seconds()).toBe(60);
  });
});

describe("awaitTraffic", () => {
  const task = {
    release,
    deadlineSeconds: 60,
    count: 2,
    dnsName: "planet.lb.cloud.internal",
    nameServer: "192.0.2.3",
    ...NO_HTTPS,
  };
  const addresses = () => ["192.0.2.8", "192.0.2.9"];

  test("ends when each address has shown the release often enough, also while old servers still answer in turn", async () => {
    const edges = fakeEdges({ addresses, get: (_, second) => serving(second % 1 === 0 ? release : "ffffffff") });
    await awaitTraffic(task, edges);
    expect(edges.asked.filter((url) => url === "http://192.0.2.8/status.json")).toHaveLength(7);
    expect(edges.said.at(-1)).toBe("planet.lb.cloud.internal shows 0a1b2c3d at 192.0.2.8, 192.0.2.9");
  });

  test("begins to count again after an answer that failed, and at an address that is new", async () => {
    const edges = fakeEdges({
      addresses: (second) => (second < 10 ? ["192.0.2.8"] : ["192.0.2.9"]),
      get: (_, second) => (second % 1.5 === 0 && second < 12 ? new Error("Parse Error") : serving(release)),
    });
    await awaitTraffic(task, edges);
    expect(edges.seconds()).toBeGreaterThan(12);
  });

  test.each([
    [
      "the name has no address",
      () => new Error("queryA ENOTFOUND"),
      "has no address: queryA ENOTFOUND",
      "docs/servers.md",
    ],
    ["the old servers alone answer", addresses, "192.0.2.8: release ffffffff, 0 of 4 times", "planet rollback"],
  ])("fails at the deadline when %s", async (_, places, why, next) => {
    const edges = fakeEdges({ addresses: places, get: () => serving("ffffffff") });
    const expected = {
      code: "TRAFFIC_NOT_SEEN",
      why: expect.stringContaining(why),
      next: expect.stringContaining(next),
    };
    await expect(awaitTraffic(task, edges)).rejects.toMatchObject(expected);
    expect(edges.seconds()).toBe(60);
  });
});

describe("main", () => {
  const environment = {
    PLANET_RELEASE: release,
    PLANET_DEADLINE: "60",
    PLANET_INSTANCE: "i-1",
    PLANET_PUBLIC_ADDRESS: "192.0.2.1",
    PLANET_PRIVATE_ADDRESS: "",
    PLANET_EC2_URL: "http://192.0.2.3:8773/services/compute/",
    PLANET_REGION: "eucalyptus",
    ...{ PLANET_HOST: "", PLANET_KEY_ID: "", PLANET_CERTIFICATE_URL: "" },
  };

  test("asks the addresses that there are", async () => {
    const edges = fakeEdges({ get: () => serving(release) });
    expect(await main("readiness", environment, edges)).toBe(0);
    expect(edges.asked).toEqual(["http://192.0.2.1/status.json"]);
  });

  test("serves", async () => {
    const edges = fakeEdges({ get: () => serving(release) });
    const settings = { ...environment, PLANET_ADDRESS: "192.0.2.9", PLANET_DRAINING: "5" };
    expect(await main("served", settings, edges)).toBe(0);
    expect(edges.said.at(-1)).toBe("192.0.2.9 serves 0a1b2c3d");
  });

  test("reports why on stderr and fails", async () => {
    const edges = fakeEdges({});
    expect(await main("readiness", environment, edges)).toBe(1);
    expect(edges.complained.join()).toContain("did not serve release 0a1b2c3d within 60 s");
  });

  test("refuses another verb", async () => {
    expect(await main("ready", {}, fakeEdges({}))).toBe(2);
  });
});
