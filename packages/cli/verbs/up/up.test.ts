import { describe, expect, test } from "@jest/globals";
import { SERVED_RESOURCE } from "@planet/content/marks";
import type { Change } from "../../change/change.ts";
import { progressOf } from "../../deploy/progress.ts";
import { FakeEdges } from "../../deploy/testing/testEdges.ts";
import type { Served } from "../../page/readServed.ts";
import { planetServed } from "../../page/testing/planetServed.ts";
import { createUpCommand } from "./upCommand.ts";

const DIGEST = "d".repeat(64);
const CHANGE: Change = {
  ...{ stack: "prod", verdict: "content", problems: [], warnings: [], rollout: "live", intervalSeconds: 300 },
  ...{ feeds: { added: [], removed: [], changed: [] }, address: { kind: "stays" }, others: [] },
  files: [{ name: "planet.css", kind: "changed", bytesBefore: 1, bytesAfter: 2, diff: "-a\n+b" }],
};

const urn = (name: string, type: string) => `urn:pulumi:prod::planet::${type}::${name}`;
const event = (kind: string, op: string, type: string, name: string) =>
  JSON.stringify({ sequence: 1, [kind]: { metadata: { op, type, urn: urn(name, type) } } });
const failure = (message: string) => JSON.stringify({ diagnosticEvent: { severity: "error", message } });

interface Given {
  readonly change?: Partial<Change>;
  readonly argv?: readonly string[];
  readonly events?: readonly string[];
  readonly code?: number;
  readonly isInterrupted?: boolean;
  /** What the page answers, one after the other; the last one stays. */
  readonly pages?: readonly Served[];
  readonly agrees?: boolean;
  /** The stack's output. */
  readonly url?: string;
}

/** Runs `planet up` for one change; a second passes at each pause. */
async function up(given: Given = {}) {
  const {
    change = {},
    argv = ["--yes"],
    events = [],
    code = 0,
    isInterrupted = false,
    pages = [],
    agrees = true,
  } = given;
  const fake = new FakeEdges();
  fake.agrees = agrees;
  fake.outputs = { ...fake.outputs, contentDigest: DIGEST, ...(given.url !== undefined && { url: given.url }) };
  const calls: (readonly string[])[] = [];
  let [clock, asked] = [0, 0];
  const command = createUpCommand({
    ...fake.edges,
    preview: async () => ({ ...CHANGE, ...change }),
    stream: async (args, _, onLine) => {
      calls.push(args);
      for (const line of events) onLine(line);
      return { code, isInterrupted };
    },
    page: async () => pages[Math.min(asked++, pages.length - 1)] ?? shows(DIGEST),
    sleep: async () => {
      clock += 1_000;
    },
    now: () => clock,
  });
  const result = await command.run(argv, fake.context).then(
    (exitCode) => ({ exitCode, error: undefined }),
    (error: unknown) => ({ exitCode: undefined, error }),
  );
  return { ...result, fake, calls, seconds: clock / 1_000 };
}

function shows(contentDigest: string, more: object = {}): Served {
  const served = planetServed("aaaaaaaa", 3);
  if (served.kind !== "planet") throw new Error("not a planet");
  return { ...served, status: { ...served.status, contentDigest, intervalMs: 5_000, ...more } };
}

describe("planet up (proves the words, the order and the wait; the engine's own events are the engine test's)", () => {
  test("says what changes without the differences, deploys, waits until readers see it, and says since when", async () => {
    const { exitCode, fake, calls, seconds } = await up({
      pages: [shows("0".repeat(64)), shows("0".repeat(64)), shows(DIGEST)],
    });
    expect(exitCode).toBe(0);
    expect(fake.err).toContain("prod: Live content");
    expect(fake.err).toContain("planet.css: changed, 1 → 2 bytes\n");
    expect(fake.err).not.toContain("+b");
    expect(calls).toEqual([["up", "--yes", "--skip-preview", "--json", "--stack", "prod"]]);
    expect(seconds).toBe(2);
    expect(fake.out).toBe("Readers see it since 11:59:57 UTC (waited 2 s): http://192.0.2.9/\n");
  });

  test("asks a planet with a host by its address, and says what certificate there is; one that lacks fails nothing, and no https link is given", async () => {
    const url = "https://planet.example.org/";
    const { exitCode, fake } = await up({ url, pages: [shows(DIGEST)] });
    expect(exitCode).toBe(0);
    expect(fake.out).toContain("http://planet.example.org/\n");
    expect(fake.err).toContain("• https: the server in service knows nothing of planet.example.org");
    expect((await up({ pages: [shows(DIGEST)] })).fake.err).not.toContain("https:");
  });

  test("nothing is deployed when nothing changes, when it is refused, and when the answer is no", async () => {
    expect(await up({ change: { verdict: "nothing", files: [] } })).toMatchObject({ exitCode: 0, calls: [] });
    const refused = await up({ change: { verdict: "refused", problems: ["planet.ini was edited\nin the bucket"] } });
    expect(refused).toMatchObject({ exitCode: 1, calls: [] });
    expect(refused.fake.err).toContain("in the bucket");
    expect(await up({ argv: [], agrees: false })).toMatchObject({ error: { code: "DECLINED" }, calls: [] });
  });

  test("an update that somebody interrupts did not fail", async () => {
    const { error } = await up({ events: [failure("update canceled")], code: 255, isInterrupted: true });
    expect(error).toMatchObject({
      ...{ code: "UP_INTERRUPTED", exitCode: 3, what: "The update was interrupted." },
      next: expect.stringContaining("npx planet status --stack prod"),
    });
  });

  test("an update that fails says its reason once, and where to look", async () => {
    const events = [failure("<{%fg 1%}>no room<{%reset%}>"), failure("no room"), failure("update failed")];
    const { error, fake } = await up({ events, code: 255 });
    expect(error).toMatchObject({
      code: "UP_FAILED",
      exitCode: 3,
      next: expect.stringContaining("planet status --stack prod"),
    });
    expect(fake.err.match(/no room/g)).toHaveLength(1);
    expect(fake.err).not.toContain("update failed");
  });

  test.each<[string, Served, RegExp]>([
    ["a page that stays behind", shows("0".repeat(64)), /do not see it yet.*shows content release 00000000/],
    ["a silent address", { kind: "silent", reason: "ECONNREFUSED" }, /does not answer: ECONNREFUSED/],
    ["another server", planetServed("bbbbbbbb", 3), /served by release bbbbbbbb/],
    [
      "content that the server refuses",
      shows("0".repeat(64), { rejected: [{ name: "manifest.json", message: "x\u001b[2J" }] }),
      /does not take it: x\.$/,
    ],
  ])("%s is said in time, with the next step", async (_, page, why) => {
    const { error } = await up({ pages: [page] });
    expect(error).toMatchObject({ code: "NOT_SEEN_BY_READERS", exitCode: 3, why: expect.stringMatching(why) });
  });
});

test.each([
  [event("resourcePreEvent", "create", "aws:ec2/instance:Instance", "planet-7cf675d4"), "starts planet-7cf675d4"],
  [event("resourcePreEvent", "create-replacement", "command:local:Command", "readiness-gate"), /has booted/],
  [event("resourcePreEvent", "update", "command:local:Command", SERVED_RESOURCE), /until readers get/],
  [event("resourcePreEvent", "same", "command:local:Command", SERVED_RESOURCE), undefined],
  [
    event("resourcePreEvent", "create", "aws:ec2/eipAssociation:EipAssociation", "address-association"),
    /moves the address/,
  ],
  [event("resourcePreEvent", "delete", "aws:ec2/instance:Instance", "planet-0000"), "ends planet-0000"],
  [
    event("resOutputsEvent", "update", "aws:s3/bucketObjectv2:BucketObjectv2", "config-manifest"),
    /manifest\.json is published/,
  ],
  [event("resOutputsEvent", "update", "aws:s3/bucketObjectv2:BucketObjectv2", "config-live-planet.ini"), undefined],
  ["not JSON", undefined],
  ["[]", undefined],
])("progress of %s", (line, text) => {
  const progress = progressOf(line);
  if (text === undefined) expect(progress).toBeUndefined();
  else expect(progress).toEqual({ kind: "step", text: typeof text === "string" ? text : expect.stringMatching(text) });
});
