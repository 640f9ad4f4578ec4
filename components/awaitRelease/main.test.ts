import { describe, expect, test } from "@jest/globals";
import { awaitReadiness } from "./awaitReadiness.ts";
import { awaitServed } from "./awaitServed.ts";
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
