import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { CloudStatus } from "@planet/local-cloud";
import { cloudCommand } from "./cloudCommand.ts";
import { describeCloud, newestInstance, resetQuestion } from "./cloudText.ts";
import { requestLine } from "./logs.ts";

const context = { checkout: "/here", shownNotices: new Set<string>(), environment: {}, out: () => {}, err: () => {} };

const STATUS: CloudStatus = {
  ...{ name: "local", running: true, mode: "vpc", driver: "nspawn", owner: "/home/me/planet", pid: 42 },
  ...{ ec2Url: "http://10.67.0.1:8773/services/compute/", s3Url: "http://10.67.0.1:8773/services/objectstorage/" },
  pageUrl: "http://10.67.0.1:8773/#0123",
  ...{ endpoint: "http://10.67.0.1:8773", region: "eucalyptus", accessKeyId: "A", secretAccessKey: "very secret" },
  ...{ moveDelayMs: 3000, cutOnMove: false, clockFactor: 20, logFile: "/state/cloud.log", dns: "10.67.0.1:53" },
  instances: [
    {
      ...{ instanceId: "i-00000001", state: "running", imageId: "emi-b78e07c8", instanceType: "m1.small" },
      ...{ privateAddress: "10.66.0.10", publicAddress: "127.66.0.10" },
    },
  ],
  faults: [{ fault: "throttling", action: "RunInstances", times: 3, met: 1 }],
  addresses: [
    { publicAddress: "127.66.0.10", instanceId: "i-00000001", associatedAt: "2026-09-12T10:00:00.000Z" },
    { publicAddress: "127.66.0.11" },
  ],
  loadBalancers: [
    { name: "planet", dnsName: "planet-000000000042.lb.cloud.internal", address: "127.66.0.12" },
    { name: "other", dnsName: "other-000000000042.lb.cloud.internal" },
  ],
};

describe("planet cloud (proves what is refused before anything happens, and the table; starts no cloud)", () => {
  test.each([
    { argv: ["begin"], code: "UNKNOWN_ACTION" },
    { argv: ["stop", "--json"], code: "WRONG_OPTION" },
    { argv: ["status", "--mode", "edge"], code: "WRONG_OPTION" },
    { argv: ["start", "--mode", "cloudy"], code: "CLOUD_MODE" },
    { argv: ["start", "--version", "6"], code: "CLOUD_VERSION" },
    { argv: ["start", "--move-delay", "3s"], code: "MOVE_DELAY" },
    { argv: ["image", "windows"], code: "UNKNOWN_IMAGE" },
    { argv: ["start", "--driver", "docker"], code: "CLOUD_DRIVER" },
    { argv: ["start", "--clock-factor", "0"], code: "CLOCK_FACTOR" },
    { argv: ["fault", "set"], code: "NO_FAULT" },
    { argv: ["fault", "set", "thunder"], code: "WRONG_FAULT" },
    { argv: ["fault", "set", "throttling", "--times", "often"], code: "WRONG_FAULT" },
    { argv: ["fault", "set", "throttling", "--action", "Nonsense"], code: "WRONG_FAULT" },
    { argv: ["fault", "set", "throttling", "--action", "RunInstance"], code: "UNKNOWN_NAME" },
    { argv: ["fault", "set", "slow-answer", "--seconds", "-20"], code: "WRONG_OPTION" },
    { argv: ["fault", "clear", "thunder"], code: "WRONG_FAULT" },
    { argv: ["fault", "fix"], code: "UNKNOWN_ACTION" },
  ])("refuses $argv as wrong usage", async ({ argv, code }) => {
    await expect(cloudCommand.run(argv, context)).rejects.toMatchObject({ code, exitCode: 2 });
  });

  test.each([
    {
      argv: ["begin"],
      says: 'there is no "cloud begin". The actions are start, stop, status, console, logs, ssh, image, reset, fault list, fault set, fault clear.',
    },
    { argv: ["stop", "--json"], says: "Unknown option '--json'" },
    {
      argv: ["start", "--move-delay", "3s"],
      says: '--move-delay is a number of milliseconds below 1,000,000, not "3s"',
    },
    {
      argv: ["fault", "set", "throttling", "--times", "x"],
      says: '--times is a whole number from 1, not "x"',
    },
    {
      argv: ["fault", "set", "slow-answer", "--seconds=-20"],
      says: '--seconds is from 0 for slow-answer, not "-20": only a clock can be behind',
    },
    {
      argv: ["fault", "set", "clock-skew", "--seconds", "-20"],
      says: "Option '--seconds' argument is ambiguous. A value that begins with a dash is written --seconds=-20",
    },
    {
      argv: ["fault", "set", "clock-skew", "--seconds", "1e9"],
      says: '--seconds is a number of seconds, at most 864000 (ten days), not "1000000000"',
    },
    {
      argv: ["fault", "set", "throtling"],
      says: 'there is no fault "throtling". Did you mean throttling?',
    },
    {
      argv: ["fault", "set", "throttling", "--action", "RunInstance"],
      says: 'there is no operation "RunInstance". Did you mean RunInstances?',
    },
    { argv: ["fault", "set"], says: "which fault? `planet cloud fault list` has them." },
  ])("explains $argv in one line", async ({ argv, says }) => {
    await expect(cloudCommand.run(argv, context)).rejects.toMatchObject({ message: says });
  });

  test("shows a running cloud as tables, without its keys", () => {
    const text = describeCloud(STATUS);
    expect(text).toContain("  checkout  /home/me/planet\n");
    expect(text).toContain("  moves     after 3000 ms, open connections are kept\n");
    expect(text).toContain(
      "  server      state    image         type      private     public\n" +
        "  i-00000001  running  emi-b78e07c8  m1.small  10.66.0.10  127.66.0.10\n",
    );
    expect(text).toContain("  127.66.0.10  i-00000001  2026-09-12T10:00:00.000Z\n  127.66.0.11  nothing     -\n");
    expect(text).toContain("  throttling  RunInstances  2     1    -\n");
    expect(text).toContain("  page      http://10.67.0.1:8773/#0123\n");
    expect(text).toContain("  loops     20 times faster than a real cloud's\n");
    expect(text).toContain(
      "  planet         planet-000000000042.lb.cloud.internal  127.66.0.12\n" +
        "  other          other-000000000042.lb.cloud.internal   none yet\n",
    );
    expect(text).not.toContain("very secret");
  });

  test("servers that have ended are counted, and listed when somebody asks", () => {
    const [server] = STATUS.instances;
    if (!server) throw new Error("no server");
    const ended = ["i-00000002", "i-00000003"].map((instanceId) => ({
      ...server,
      instanceId,
      state: "terminated" as const,
    }));
    const status = { ...STATUS, instances: [...ended, server] };
    expect(describeCloud(status)).toContain("and 2 terminated: npx planet cloud status --all\n");
    expect(describeCloud(status)).not.toContain("i-00000002");
    expect(describeCloud(status, true)).toMatch(/i-00000002 +terminated/);
    expect(describeCloud({ ...status, name: "edge", instances: ended })).toContain(
      "no servers\n  and 2 terminated: npx planet cloud status --all edge",
    );
  });

  test("a server that nobody names is the last that lives, not one that ends or has ended", () => {
    const [server] = STATUS.instances;
    if (!server) throw new Error("no server");
    const ending = { ...server, instanceId: "i-00000002", state: "shutting-down" as const };
    const ended = { ...server, instanceId: "i-00000003", state: "terminated" as const };
    const status = { ...STATUS, instances: [server, ending, ended] };
    expect(newestInstance(status, [])).toMatchObject({ instanceId: "i-00000001", state: "running" });
    expect(newestInstance({ ...status, instances: [ending, ended] }, [])).toMatchObject({ state: "terminated" });
    const stopped = { ...STATUS, running: false, instances: [] };
    expect(newestInstance(stopped, ["i-00000009", "i-00000001"])).toMatchObject({ instanceId: "i-00000009" });
    expect(() => newestInstance(stopped, [])).toThrow(expect.objectContaining({ code: "NO_CONSOLE" }));
  });

  test("of another user's it says whose it is and what to do", () => {
    const other = { name: "local", owner: "/home/her/planet", directory: "/home/her/.local/state/planet/clouds/local" };
    const text = describeCloud({ ...STATUS, running: false, other });
    expect(text).toContain("/home/her/planet");
    expect(text).toContain("npx planet cloud start <name>");
  });

  describe("in a state folder of its own", () => {
    const { XDG_STATE_HOME: before } = process.env;
    let state: string;
    let said: string;
    const run = (...argv: string[]) => cloudCommand.run(argv, { ...context, err: (text) => (said += text) });
    beforeEach(() => {
      [state, said] = [mkdtempSync(join(tmpdir(), "planet-clouds-")), ""];
      process.env.XDG_STATE_HOME = state;
      const folder = join(state, "planet/clouds/trial");
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, "settings.json"), JSON.stringify({ driver: "none", owner: "/home/her/planet" }));
    });
    afterEach(() => {
      if (before === undefined) delete process.env.XDG_STATE_HOME;
      else process.env.XDG_STATE_HOME = before;
      rmSync(state, { recursive: true });
    });

    test.each([["stop"], ["reset", "--yes"]])(
      "%s names a cloud that is not there, and what there is",
      async (...verb) => {
        await expect(run(...verb, "tria")).rejects.toMatchObject({
          ...{ code: "NO_CLOUD", exitCode: 1, message: expect.stringContaining('Did you mean "trial"?') },
        });
        await expect(run(...verb, "other")).rejects.toMatchObject({
          message: expect.stringContaining("There are: trial."),
        });
        expect(await run(...verb)).toBe(0); // as `npm stop`, on a machine that has none
        expect(said).toBe('there is no cloud "local"; nothing was changed\n');
      },
    );

    test.each([["stop"], ["reset", "--yes"]])("%s says whose cloud it was", async (...verb) => {
      expect(await run(...verb, "trial")).toBe(0);
      expect(said).toContain('cloud "trial", started from /home/her/planet, is ');
    });

    test("a reset asks; a script has to say yes", async () => {
      const { isTTY } = process.stdin;
      process.stdin.isTTY = false;
      await expect(run("reset", "trial")).rejects.toMatchObject({ code: "NO_TERMINAL", exitCode: 2 });
      process.stdin.isTTY = isTTY;
    });
  });

  test("a reset asks with what would be lost", () => {
    expect(resetQuestion(STATUS)).toContain("(now 1 server, 2 elastic)");
    expect(resetQuestion({ ...STATUS, running: false })).not.toContain("now");
  });

  test("a request is one line, whatever its client has put into it", () => {
    const entry = {
      ...{ id: 1, time: "2026-11-29T10:00:00.123Z", durationMs: 12, source: "10.66.0.10", caller: "planet" },
      ...{ service: "ec2" as const, action: "RunInstances", parameters: "ImageId=emi-1", status: 503 },
      ...{ code: "ServiceUnavailable", fault: "no-capacity" },
    };
    expect(requestLine(entry)).toBe(
      "10:00:00.123  planet   503    12 ms  RunInstances  ImageId=emi-1  ServiceUnavailable  [no-capacity]",
    );
    expect(requestLine({ ...entry, status: 0, code: "", fault: "" })).toContain("  ---  ");
    expect(requestLine({ ...entry, parameters: "a\u001b[31m\nb\u0007" })).toMatch(/^[ -~]*$/);
  });

  test("says how to start a stopped one", () => {
    expect(describeCloud({ ...STATUS, name: "mine", running: false })).toContain("npx planet cloud start mine");
  });
});
