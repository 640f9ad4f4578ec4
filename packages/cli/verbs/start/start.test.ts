import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { CloudStatus } from "@planet/local-cloud";
import { createStartCommand } from "./startCommand.ts";

/** What the real CLI wrote for the real stack, in an empty cloud; only what a step or a message is known by. */
const EVENTS = readFileSync("packages/cli/verbs/start/testdata/first-deploy.jsonl", "utf8").trim().split("\n");

let checkout: string;
beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), "planet-start-"));
});
afterEach(() => rmSync(checkout, { recursive: true }));

/** `planet start`, where the cloud builds its image and the CLI writes these lines. */
async function start(lines: readonly string[], code = 0) {
  let text = "";
  const say = (part: string) => {
    text += part;
  };
  const calls: (readonly string[])[] = [];
  const command = createStartCommand({
    startCloud: async ({ onProgress }) => {
      for (const line of [
        "building Debian bookworm, once",
        "building image debian-12",
        'cloud "local" runs, process 42',
      ])
        onProgress(line);
      return { pageUrl: "http://10.67.0.1:8773/#key" } as CloudStatus;
    },
    stream: async (args, _context, onLine) => {
      calls.push(args);
      for (const line of lines) onLine(line);
      return { code, isInterrupted: false };
    },
    read: async () => ({ code: 0, stdout: "http://127.66.0.10/\n" }),
  });
  const context = { checkout, environment: {}, shownNotices: new Set<string>(), out: say, err: say };
  const error = await command.run([], context).catch((thrown: unknown) => thrown);
  return { error, text, calls, log: readFileSync(join(checkout, ".planet/start.log"), "utf8") };
}

describe("planet start (proves what a person reads; that it works is shown by booting)", () => {
  test("a first deploy is some twenty lines, and each step is in the log that it names", async () => {
    const { text, log, calls } = await start(EVENTS);
    expect(calls).toEqual([["up", "--refresh", "--yes", "--skip-preview", "--json", "--stack", "local"]]);
    expect(text.split("\n").length).toBeLessThanOrEqual(22);
    expect(text).toMatch(/\.planet\/start\.log[\s\S]*• starts planet-[\s\S]*• waits until the new server has booted/);
    expect(text).toMatch(/• waits until readers get the new server\n[\s\S]*served at:\n\nhttp:\/\/127\.66\.0\.10\/\n$/);
    expect(log).toMatch(/create aws:ec2\/eip:Eip address-elastic\n/);
    expect(log.split("\n").length).toBeGreaterThan(50);
  });

  test("warnings are counted, and in the log", async () => {
    const warning = { severity: "warning", message: "planet.ini:3: the key colour is not known\n" };
    const { text, log } = await start([JSON.stringify({ timestamp: 1, diagnosticEvent: warning }), ...EVENTS]);
    expect(text).toContain("• warnings: 1, in .planet/start.log\n");
    expect(log).toContain("warning: planet.ini:3: the key colour is not known\n");
  });

  test("the log is of the last start alone", async () => {
    const { log } = await start(EVENTS);
    expect((await start(EVENTS)).log).toBe(log);
  });

  test("a deploy that fails says why, and where each step is", async () => {
    const failure = { severity: "error", message: "<{%fg 1%}>planet.ini: line 3 is not one<{%reset%}>\n" };
    const { error, text, log } = await start([JSON.stringify({ timestamp: 1, diagnosticEvent: failure })], 255);
    expect(error).toMatchObject({ code: "UPDATE_FAILED", message: expect.stringContaining(".planet/start.log") });
    expect(text).toContain("\nplanet.ini: line 3 is not one\n");
    expect(log).toBe("1970-01-01T00:00:01.000Z error: planet.ini: line 3 is not one\n");
  });
});
