import { describe, expect, test } from "@jest/globals";
import { awaitReadiness } from "./awaitReadiness.ts";
import { awaitServed } from "./awaitServed.ts";
import { main } from "./main.ts";
import { fakeWorld, serving } from "./testing/testWorld.ts";

const release = "0a1b2c3d";
const readiness = { release, instanceId: "i-1", addresses: ["192.0.2.1", "10.0.0.1"], deadlineSeconds: 60 };
const served = { release, address: "192.0.2.9", deadlineSeconds: 60, drainingSeconds: 30 };

describe("awaitReadiness (proves when it ends and what it says; not that a server works)", () => {
  test.each([
    ["its public address", "http://192.0.2.1/"],
    ["its private address", "http://10.0.0.1/"],
  ])("ends when %s shows the release", async (_, start) => {
    const world = fakeWorld({
      get: (url, second) => (url.startsWith(start) && second >= 20 ? serving(release) : new Error("refused")),
    });
    await awaitReadiness(readiness, world);
    expect(world.seconds()).toBe(20);
  });

  test("ends when only the console can be read", async () => {
    const world = fakeWorld({ console: (second) => (second >= 23 ? `planet: READY release=${release}\n` : "boot\n") });
    await awaitReadiness(readiness, world);
    expect(world.seconds()).toBe(24);
  });

  test.each([
    ["another release", serving("ffffffff"), "192.0.2.1 serves release ffffffff"],
    ["a failure", { status: 500, text: "" }, "its web server runs and fails (HTTP 500)"],
  ])("does not believe the console where an address shows %s", async (_, answer, reason) => {
    const world = fakeWorld({ get: () => answer, console: () => `planet: READY release=${release}\n` });
    await expect(awaitReadiness(readiness, world)).rejects.toThrow(reason);
    expect(world.seconds()).toBe(60);
  });

  test("believes the console where a private address leads to somebody else's machine", async () => {
    const get = (url: string) => (url.includes("10.0.0.1") ? { status: 404, text: "" } : new Error("refused"));
    const world = fakeWorld({ get, console: () => `planet: READY release=${release}\n` });
    await expect(awaitReadiness(readiness, world)).resolves.toBeUndefined();
  });

  test("fails at once when the instance has ended, with the last that its console showed", async () => {
    const world = fakeWorld({
      console: (second) => (second < 10 ? "planet: step=install\n" : new Error("InternalFailure")),
      end: () => "terminated (User terminated)",
    });
    await expect(awaitReadiness(readiness, world)).rejects.toThrow(
      /i-1 has ended before it served release 0a1b2c3d: terminated \(User[\s\S]*step=install[\s\S]*pulumi up/,
    );
    expect(world.seconds()).toBeLessThanOrEqual(12);
  });

  test("is not content with another release", async () => {
    const world = fakeWorld({ get: () => serving("ffffffff"), console: () => "planet: READY release=ffffffff\n" });
    await expect(awaitReadiness(readiness, world)).rejects.toThrow("192.0.2.1: release ffffffff");
    expect(world.seconds()).toBe(60);
  });

  test("fails at once when the boot failed, with the line and the end of the console", async () => {
    const world = fakeWorld({
      console: () => "E: Unable to locate package nginx\nplanet: FAILED step=install rc=100\n",
    });
    await expect(awaitReadiness(readiness, world)).rejects.toThrow(
      /planet: FAILED step=install rc=100[\s\S]*Unable to locate package[\s\S]*still points at the old server/,
    );
    expect(world.seconds()).toBeLessThanOrEqual(10);
  });

  test("says every few seconds what it waits for", async () => {
    const world = fakeWorld({ get: () => ({ status: 503, text: "" }), console: () => new Error("no keys") });
    await expect(awaitReadiness(readiness, world)).rejects.toThrow(
      "HTTP 503; 10.0.0.1: HTTP 503; console: cannot be read: no keys",
    );
    expect(world.said.length).toBeGreaterThan(8);
    expect(world.said.at(-1)).toMatch(/^waiting for i-1 to serve 0a1b2c3d, \d+ of 60 s \(192\.0\.2\.1: HTTP 503;/);
  });

  test("works without any address", async () => {
    const world = fakeWorld({ console: () => `planet: READY release=${release}\n` });
    await expect(awaitReadiness({ ...readiness, addresses: [] }, world)).resolves.toBeUndefined();
  });
});

describe("awaitServed", () => {
  test("waits for several answers in a row, then for the draining time", async () => {
    const world = fakeWorld({ get: () => serving(release) });
    await awaitServed(served, world);
    expect(world.asked).toHaveLength(5);
    expect(world.seconds()).toBe(4 * 0.5 + 30);
  });

  test("begins to count again when the old server answers", async () => {
    const world = fakeWorld({ get: (_, second) => serving(second === 1.5 || second < 1 ? "ffffffff" : release) });
    await awaitServed({ ...served, drainingSeconds: 0 }, world);
    expect(world.seconds()).toBe(2 + 4 * 0.5);
  });

  test("fails at the deadline with the last answer", async () => {
    const world = fakeWorld({ get: () => serving("ffffffff") });
    await expect(awaitServed(served, world)).rejects.toThrow(
      /within 60 s\nLast answer: release ffffffff[\s\S]*planet rollback/,
    );
    expect(world.seconds()).toBe(60);
  });
});

describe("main", () => {
  const environment = {
    PLANET_RELEASE: release,
    PLANET_DEADLINE: "60",
    PLANET_INSTANCE: "i-1",
    PLANET_PUBLIC_ADDRESS: "192.0.2.1",
    PLANET_PRIVATE_ADDRESS: "",
  };

  test("asks the addresses that there are", async () => {
    const world = fakeWorld({ get: () => serving(release) });
    expect(await main("readiness", environment, world)).toBe(0);
    expect(world.asked).toEqual(["http://192.0.2.1/status.json"]);
  });

  test("serves", async () => {
    const world = fakeWorld({ get: () => serving(release) });
    const settings = { ...environment, PLANET_ADDRESS: "192.0.2.9", PLANET_DRAINING: "5" };
    expect(await main("served", settings, world)).toBe(0);
    expect(world.said.at(-1)).toBe("192.0.2.9 serves 0a1b2c3d");
  });

  test("tells why on stderr and fails", async () => {
    const world = fakeWorld({});
    expect(await main("readiness", environment, world)).toBe(1);
    expect(world.complained.join()).toContain("did not serve release 0a1b2c3d within 60 s");
  });

  test("refuses another verb", async () => {
    expect(await main("ready", {}, fakeWorld({}))).toBe(2);
  });
});
