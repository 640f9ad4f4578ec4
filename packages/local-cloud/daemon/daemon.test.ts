import { Resolver } from "node:dns/promises";
import { once } from "node:events";
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import {
  type CloudStatus,
  changeSettings,
  clearFault,
  cloudStatus,
  consoleOutput,
  consolesOf,
  followConsole,
  imageId,
  loggedRequests,
  openShell,
  resetCloud,
  setFault,
  startCloud,
  stopCloud,
} from "../index.ts";
import { markOf, waitForEnd } from "../machine/processes.ts";
import { exchange, signedV4 } from "../testing/s3Client.ts";
import { placesOf } from "./places.ts";
import { type CloudSettings, settingsFor } from "./settings.ts";

const NAME = "daemon-test";
const quiet = (): void => {};
const start = (owner = "/checkout"): Promise<CloudStatus> =>
  startCloud({ name: NAME, driver: "none", owner, onProgress: quiet });

const ec2 = async ({ ec2Url: url, ...keys }: CloudStatus, parameters: Record<string, string>): Promise<string> => {
  const given = { Version: "2016-11-15", MinCount: "1", MaxCount: "1", ...parameters };
  const sent = { method: "POST", url, body: new URLSearchParams(given).toString() };
  return (await exchange(signedV4(sent, keys).signed)).text;
};

/** One story, in order. */
describe("the daemon (proves its life without machines; those are in machines.boot.test.ts)", () => {
  const before = process.env.XDG_STATE_HOME;
  let state: string;
  let cloud: CloudStatus;

  beforeAll(() => {
    state = mkdtempSync(join(tmpdir(), "planet-"));
    process.env.XDG_STATE_HOME = state;
  });

  afterAll(async () => {
    await resetCloud(NAME, quiet);
    if (before === undefined) delete process.env.XDG_STATE_HOME;
    else process.env.XDG_STATE_HOME = before;
    rmSync(state, { recursive: true });
  }, 30_000);

  test("starts, answers at its endpoint, and does not start a second time", async () => {
    cloud = await start();
    expect(cloud).toMatchObject({ running: true, driver: "none", mode: "vpc", moveDelayMs: 3000, cutOnMove: false });
    expect((await fetch(cloud.ec2Url)).status).toBeGreaterThanOrEqual(400);
    expect((await start()).pid).toBe(cloud.pid);
  }, 30_000);

  test("refuses another owner, mode and version, and goes on", async () => {
    await expect(start("/elsewhere")).rejects.toMatchObject({
      code: "OTHER_OWNER",
      message: expect.stringMatching(/\/checkout[\s\S]*npx planet cloud reset daemon-test$/),
    });
    const edge = startCloud({ name: NAME, mode: "edge", owner: "/checkout", onProgress: quiet });
    await expect(edge).rejects.toMatchObject({ code: "START_FAILED" });
    const older = startCloud({ name: NAME, version: "4.4", owner: "/checkout", onProgress: quiet });
    await expect(older).rejects.toMatchObject({ code: "START_FAILED" });
    expect((await cloudStatus(NAME)).pid).toBe(cloud.pid);
  }, 30_000);

  test("takes a clock factor at once; its DNS server knows no load balancer yet, and nothing of others", async () => {
    expect(cloud).toMatchObject({ clockFactor: 1, loadBalancers: [] });
    await changeSettings(NAME, { clockFactor: 20 });
    expect(await cloudStatus(NAME)).toMatchObject({ clockFactor: 20 });
    const resolver = new Resolver({ timeout: 5_000, tries: 1 });
    resolver.setServers([cloud.dns]);
    await expect(resolver.resolve4("planet.lb.cloud.internal")).rejects.toMatchObject({ code: "ENOTFOUND" });
    await expect(resolver.resolve4("example.org")).rejects.toMatchObject({ code: "EREFUSED" });
  }, 30_000);

  test("takes settings and faults; refuses what is not an instance", async () => {
    await changeSettings(NAME, { moveDelayMs: 7, cutOnMove: true });
    expect(await cloudStatus(NAME)).toMatchObject({ moveDelayMs: 7, cutOnMove: true });
    await setFault(NAME, { fault: "throttling", action: "DescribeImages", times: 2 });
    expect((await cloudStatus(NAME)).faults).toMatchObject([{ fault: "throttling", times: 2, met: 0 }]);
    await expect(setFault(NAME, { fault: "thunder" })).rejects.toMatchObject({ code: "WRONG_FAULT" });
    await expect(setFault(NAME, { fault: "frozen-machine", instance: "i-00000001" })).rejects.toMatchObject({
      code: "REFUSED",
    });
    await clearFault(NAME);
    expect((await cloudStatus(NAME)).faults).toEqual([]);
    await expect(consoleOutput(NAME, "../state.json")).rejects.toMatchObject({ code: "REFUSED" });
  });

  test("shows its requests, and goes on showing them while somebody wants to see", async () => {
    await fetch(`${cloud.s3Url}nothing`);
    const before = await Array.fromAsync(loggedRequests(NAME, false));
    expect(before.at(-1)).toMatchObject({ action: "ListObjects", parameters: "nothing", status: 404 });
    for await (const entry of loggedRequests(NAME, true)) {
      if (entry.id === before.at(-1)?.id) void fetch(`${cloud.s3Url}later`);
      if (entry.parameters === "later") break;
    }
  });

  test("follows a console; there is no shell in a server that is only a word", async () => {
    const launched = await ec2(cloud, { Action: "RunInstances", ImageId: imageId("debian-12-cloud-init") });
    const [instanceId = ""] = /i-[0-9a-f]{17}/.exec(launched) ?? [];
    const file = join(placesOf(NAME).consoleDirectory, `${instanceId}.log`);
    writeFileSync(file, "first\n");
    let seen = "";
    for await (const text of followConsole(NAME, instanceId)) {
      if (seen === "") appendFileSync(file, "second\n");
      seen += text;
      if (seen.includes("second")) break;
    }
    expect(seen).toBe("first\nsecond\n");
    await expect(Array.fromAsync(followConsole(NAME, "i-00000000000000009"))).rejects.toMatchObject({
      code: "REFUSED",
    });
    await expect(openShell(NAME, instanceId)).rejects.toMatchObject({ code: "NO_MACHINES" });
    rmSync(file);
  });

  test("what somebody follows ends with the cloud, in words", async () => {
    const launched = await ec2(cloud, { Action: "RunInstances", ImageId: imageId("debian-12-cloud-init") });
    const [instanceId = ""] = /i-[0-9a-f]{17}/.exec(launched) ?? [];
    const file = join(placesOf(NAME).consoleDirectory, `${instanceId}.log`);
    writeFileSync(file, "first\n");
    const followed: AsyncIterable<unknown>[] = [loggedRequests(NAME, true), followConsole(NAME, instanceId)];
    const ends = followed.map((parts) => expect(Array.fromAsync(parts)).rejects.toMatchObject({ code: "STOPPED" }));
    await delay(300);
    await stopCloud(NAME, quiet);
    await Promise.all(ends);
    rmSync(file);
    cloud = await start();
  }, 30_000);

  test("a socket that may not be opened belongs to another user", async () => {
    const { controlSocket } = placesOf(NAME);
    if (process.getuid?.() === 0) return; // root may
    chmodSync(controlSocket, 0o000);
    await expect(cloudStatus(NAME)).rejects.toMatchObject({ code: "OTHER_USER" });
    chmodSync(controlSocket, 0o600);
  });

  test.each(["a stop", "a kill"])(
    "keeps credentials and settings over %s",
    async (how) => {
      const daemon = markOf(cloud.pid ?? 0);
      if (how === "a stop") await stopCloud(NAME, quiet);
      else process.kill(cloud.pid ?? 0, "SIGKILL");
      if (daemon) await waitForEnd(daemon, 20_000);
      expect(await cloudStatus(NAME)).toMatchObject({ running: false, accessKeyId: "", owner: "/checkout" });
      const again = await start();
      expect(again).toMatchObject({ secretAccessKey: cloud.secretAccessKey, moveDelayMs: 7, cutOnMove: true });
      cloud = again;
    },
    30_000,
  );

  test("a start that is refused leaves the settings of the next one alone", async () => {
    await stopCloud(NAME, quiet);
    const refused = startCloud({ name: NAME, driver: "none", owner: "/checkout", mode: "edge", onProgress: quiet });
    await expect(refused).rejects.toMatchObject({ code: "START_FAILED" });
    cloud = await start();
    expect(cloud).toMatchObject({ running: true, mode: "vpc" });
  }, 30_000);

  test("is not running when its socket takes a connection and gives no answer, as while it ends", async () => {
    const { controlSocket } = placesOf("ends-just-now");
    mkdirSync(dirname(controlSocket), { recursive: true });
    const ending = createServer((socket) => socket.destroy()).listen(controlSocket);
    await once(ending, "listening");
    expect(await cloudStatus("ends-just-now")).toMatchObject({ running: false });
    ending.close();
  });

  test("shows the consoles of a stopped cloud from disk, and nothing else", async () => {
    await stopCloud(NAME, quiet);
    const { consoleDirectory } = placesOf(NAME);
    writeFileSync(join(consoleDirectory, "i-00000001.log"), "first\n");
    writeFileSync(join(consoleDirectory, "i-00000002.log"), "second\n");
    utimesSync(join(consoleDirectory, "i-00000001.log"), 1, 1);
    expect(consolesOf(NAME)).toEqual(["i-00000002", "i-00000001"]);
    expect(await consoleOutput(NAME, "i-00000001")).toBe("first\n");
    await expect(consoleOutput(NAME, "../state.json")).rejects.toMatchObject({ code: "REFUSED" });
    expect(await start()).toMatchObject({ running: true });
  }, 30_000);

  test("a reset forgets it", async () => {
    await resetCloud(NAME, quiet);
    expect(existsSync(placesOf(NAME).directory)).toBe(false);
    const fresh = await start();
    expect(fresh.secretAccessKey).not.toBe(cloud.secretAccessKey);
    expect(fresh.moveDelayMs).toBe(3000);
  }, 30_000);
});

describe("settings of a start", () => {
  const last: CloudSettings = {
    ...{ mode: "edge", driver: "none", owner: "/old", moveDelayMs: 1, cutOnMove: true, clockFactor: 2 },
  };

  test("asked now wins over the last start, that over the defaults", () => {
    expect(settingsFor({ owner: "/new" }, undefined)).toMatchObject({
      mode: "vpc",
      driver: "nspawn",
      moveDelayMs: 3000,
    });
    expect(settingsFor({ owner: "/new", moveDelayMs: 5 }, last)).toEqual({ ...last, owner: "/new", moveDelayMs: 5 });
  });

  test("a path too long for a socket is refused with a way out", () => {
    expect(() => placesOf("x", { XDG_STATE_HOME: `/${"a".repeat(100)}` })).toThrow(
      expect.objectContaining({ code: "PATH_TOO_LONG", message: expect.stringContaining("XDG_STATE_HOME") }),
    );
  });
});
