import { describe, expect, test } from "@jest/globals";
import { type ServedCertificate, sha256Of } from "@planet/content";
import { quote } from "../../../../userdata/render.ts";
import { bucketWith } from "../../change/testing/testChange.ts";
import { condemned, SERVER } from "../../stack/testing/testState.ts";
import type { StatusFacts } from "./facts.ts";
import { judgeStatus } from "./judgeStatus.ts";
import { createStatusCommand } from "./statusCommand.ts";
import { FILES, OUTPUTS, page, stateWith, statusFacts, update } from "./testing/testStatus.ts";

async function status(facts: StatusFacts, ...argv: string[]) {
  const [out, err]: [string[], string[]] = [[], []];
  const context = {
    checkout: "/nowhere",
    shownNotices: new Set<string>(),
    environment: {},
    out: (text: string) => void out.push(text),
    err: (text: string) => void err.push(text),
  };
  const code = await createStatusCommand(async () => facts).run(argv, context);
  return { code, out: out.join(""), err: err.join("") };
}

const feed = {
  url: "http://b.example/f",
  name: "Bert",
  state: "failing",
  reason: "timeout",
  failures: 3,
  needsAttention: false,
  failingSince: "2026-02-20T08:00:00Z",
  lastOk: "",
  movedTo: "",
  entries: 0,
};
const edited = bucketWith(FILES, { "planet.ini": "[Planet]\nname = X\n" });
/** Just as it was, but for the time of its publication. */
const bucketPublished = (at: string) => {
  const bucket = bucketWith(FILES);
  return { ...bucket, manifest: { ...bucket.manifest, modified: new Date(at) } };
};
/** When a run that came after the last update wrote the state. */
const AFTER = Date.parse("2026-03-01T10:30:00Z");
const lock = { who: "anna", host: "desk", pid: 7, since: "2026-03-01T11:50:00Z" };

describe("planet status (proves what is said of given facts; that they are gathered rightly is the boot test's)", () => {
  test("shows one screen and exits 0 when there is nothing to do", async () => {
    const { code, out } = await status(statusFacts());
    expect(code).toBe(0);
    expect(out).toBe(`prod: all is well

  ok       address     192.0.2.9 answers
  ok       server      i-0001 serves release 7cf675d4
  ok       page        42 entries, made 2 min ago, renewed every 5 min
  ok       feeds       1 of 1 feeds answer
  ok       repository  site/ is what was published, content release ${OUTPUTS.contentDigest.slice(0, 8)}
  ok       content     the page shows content release ${OUTPUTS.contentDigest.slice(0, 8)}
  ok       update      the last update of commit 65ac2f9b was 2 h ago
  ok       state       2 resources, nothing is pending
`);
  });

  describe("of several servers", () => {
    const { address: _, instanceId: __, ...rest } = OUTPUTS;
    const outputs = { ...rest, dnsName: "planet-prod-000000000042.lb.cloud.internal" };
    const seen = (...releases: string[]) => ({
      wanted: 2,
      failed: 0,
      seen: releases.map((release, index) => ({ instanceId: `i-000${index + 1}`, release })),
    });
    const balanced = (servers: NonNullable<StatusFacts["servers"]>) =>
      status(statusFacts({ state: { ...statusFacts().state, outputs }, servers }));

    test("all that answer are well", async () => {
      const { code, out } = await balanced(seen("7cf675d4", "7cf675d4"));
      expect({ code, out }).toMatchObject({
        code: 0,
        out: expect.stringContaining("servers     2 of 2 servers answer with release 7cf675d4: i-0001, i-0002\n"),
      });
      expect(out).toContain("address     planet-prod-000000000042.lb.cloud.internal answers");
    });

    test("one that is missing is a problem that the group solves", async () => {
      const { code, out } = await balanced({ ...seen("7cf675d4"), failed: 3 });
      expect(code).toBe(1);
      expect(out).toMatch(/PROBLEM {2}servers +1 of 2 servers answer[^\n]*\n +→ wait some minutes/);
      expect(out).toContain("3 of the questions failed");
    });

    test("two releases at once are an update that did not come to its end", async () => {
      expect((await balanced(seen("7cf675d4", "7cf675d4", "ffffffff"))).out).toMatch(
        /servers +release ffffffff answers, too/,
      );
    });
  });

  test("says one thing of a local cloud that does not run, and nothing of what cannot be seen through it", async () => {
    const { code, out } = await status(
      statusFacts({ isLocalCloudStopped: true, served: { kind: "silent", reason: "ECONNREFUSED" } }),
    );
    expect(code).toBe(1);
    expect(out).toMatch(
      /^prod: 1 problem\n\n {2}PROBLEM {2}cloud +the local cloud does not run[^\n]*\n +→ npm start\n/,
    );
    expect(out).not.toContain("recover");
  });

  const problems: [name: string, changes: Partial<StatusFacts>, topic: string, text: RegExp, next: RegExp][] = [
    [
      "nothing deployed",
      { state: stateWith(), served: undefined as never },
      "address",
      /nothing is deployed/,
      /pulumi up/,
    ],
    [
      "no answer",
      { served: { kind: "silent", reason: "ECONNREFUSED" } },
      "address",
      /does not answer \(ECONN.*i-0001/,
      /planet recover/,
    ],
    ["a strange answer", { served: { kind: "other", http: 502, text: "" } }, "address", /status 502/, /planet recover/],
    ["another server", { served: page({ instanceId: "i-0009" }) }, "server", /i-0009.*i-0001/, /pulumi up/],
    ["another release", { served: page({ release: "deadbeef" }) }, "server", /deadbeef.*7cf675d4/, /pulumi up/],
    [
      "an old page",
      { served: page({ generatedMs: Date.parse("2026-03-01T08:00:00Z") }) },
      "page",
      /4 h ago.*no longer being rebuilt/,
      /recover/,
    ],
    [
      "a page that could not be made",
      { served: page({ degraded: [{ name: "", code: "render", message: "no" }] }) },
      "page",
      /render: no/,
      /feeds\.html/,
    ],
    [
      "a feed that has been failing for long",
      {
        served: page({
          feeds: [
            { ...feed, needsAttention: true },
            { ...feed, state: "ok" },
          ],
        }),
      },
      "feeds",
      /^Bert \(http:\/\/b\.example\/f\) has been failing since 2026-02-20: timeout$/,
      /feeds remove 'http:\/\/b\.example\/f'$/,
    ],
    ["no feed at all", { served: page({ feeds: [feed] }) }, "feeds", /0 of 1/, /curl -I 'http:\/\/b\.example\/f'\)/],
    [
      "an unpublished change",
      {
        site: new Map([
          ["planet.ini", sha256Of("other")],
          ["planet.css", sha256Of(FILES["planet.css"])],
        ]),
      },
      "repository",
      /in planet\.ini$/,
      /planet preview/,
    ],
    [
      "an unpublished file",
      { site: new Map([...statusFacts().site, ["new.css", "x"]]) },
      "repository",
      /new\.css \(not published\)/,
      /planet preview/,
    ],
    [
      "a page behind the bucket",
      { served: page({ contentDigest: "0".repeat(64), contentId: "00000000" }) },
      "content",
      /00000000.*published is/,
      /wait one interval/,
    ],
    [
      "an edit on the page",
      { bucket: edited, served: page({ drift: [{ name: "planet.ini", applied: true }] }) },
      "edit",
      /planet\.ini was edited.*it is on the page/,
      /feeds pull/,
    ],
    [
      "an edit that site/ has and planet:leave keeps out of the deploys",
      {
        ...{ bucket: edited, leave: ["planet.css", "planet.ini"] },
        site: new Map([...statusFacts().site, ["planet.ini", sha256Of("[Planet]\nname = X\n")]]),
      },
      "edit",
      /planet\.ini was edited/,
      /^npx pulumi config rm --path 'planet:leave\[1\]' --stack prod, then: npx pulumi up/,
    ],
    [
      "an edit that is settling",
      { bucket: edited, served: page({ waiting: ["planet.ini"] }) },
      "edit",
      /it is still settling/,
      /feeds pull/,
    ],
    ["an edit just made", { bucket: edited }, "edit", /has not seen it/, /feeds pull/],
    [
      "an edit at a pinned server",
      { bucket: edited, rollout: "replace", served: page({ drift: [{ name: "planet.ini", applied: false }] }) },
      "edit",
      /pinned/,
      /feeds pull/,
    ],
    [
      "a rejected edit",
      { bucket: edited, served: page({ rejected: [{ name: "planet.ini", line: 3, message: "unclosed" }] }) },
      "edit",
      /REJECTED.*line 3: unclosed/,
      /feeds pull/,
    ],
    [
      "a rejected release",
      { served: page({ rejected: [{ name: "manifest.json", message: "bad" }] }) },
      "edit",
      /manifest\.json was rejected: bad/,
      /pulumi up/,
    ],
    [
      "a private object",
      { bucket: { ...edited, objects: new Map([["planet.ini", { state: "forbidden" }]]) } },
      "edit",
      /without public-read/,
      /--acl public-read/,
    ],
    [
      "a lost manifest",
      { bucket: { ...edited, manifest: { state: "missing" } } },
      "content",
      /manifest\.json is missing/,
      /pulumi up/,
    ],
    ["a silent bucket", { bucket: { unreadable: "ETIMEDOUT" } }, "content", /ETIMEDOUT/, /planet doctor/],
    [
      "a begun step",
      {
        state: stateWith(
          [],
          [{ type: "creating", resource: { type: "aws:ec2/instance:Instance", urn: "a::b::c::planet-x" } }],
        ),
        lastUpdate: update({ kind: "refresh" }),
      },
      "state",
      /killed while creating Instance planet-x/,
      /pulumi up/,
    ],
    [
      "a begun replacement",
      { state: { ...stateWith([], [{ type: "creating", resource: SERVER }]), savedMs: AFTER } },
      "state",
      /killed while creating Instance planet-7cf675d4 in place of another/,
      /pulumi up.*planet doctor.*clear-pending-creates/,
    ],
    [
      "a begun step that the last update, as after going back, has not made",
      { state: stateWith([], [{ type: "creating", resource: { ...SERVER, urn: `${SERVER.urn}2` } }]) },
      "state",
      /killed while creating.*the last update has not made it/,
      /^npx planet doctor.*then: npx pulumi refresh --clear-pending-creates --yes --stack prod$/,
    ],
    [
      "a rollback that main has not followed, also after a refresh from here",
      {
        ...{ head: { commit: "f".repeat(40) }, lastUpdate: update({ kind: "refresh", commit: "f".repeat(40) }) },
        undone: { served: "a".repeat(40), files: ["site/planet.ini"] },
      },
      "update",
      /last refresh of commit ffffffff.*what a rollback to aaaaaaaa undid/,
      /git restore --source aaaaaaaa --staged --worktree site\/planet\.ini, then commit/,
    ],
    [
      "a run that was killed and has left nothing else",
      { state: { ...stateWith(), savedMs: AFTER } },
      "state",
      /after the last update was interrupted/,
      /pulumi up.*planet rollback/,
    ],
    [
      "a condemned server",
      { state: stateWith([condemned]) },
      "state",
      /planet-01d01d01 \(i-0000\) was replaced/,
      /pulumi up/,
    ],
    [
      "an incomplete server",
      { state: stateWith([{ ...condemned, delete: false, initErrors: ["no tags"] }]) },
      "state",
      /not complete: no tags/,
      /pulumi up/,
    ],
    ["a dead lock", { locks: [{ ...lock, isAlive: false }] }, "lock", /anna@desk.*process is gone/, /pulumi cancel/],
    [
      "an ancient lock",
      { locks: [{ ...lock, since: "2026-02-27T11:50:00Z" }] },
      "lock",
      /no update takes so long/,
      /pulumi cancel/,
    ],
    ["a silent backend", { locks: { unreadable: "403" } }, "lock", /403/, /planet doctor/],
    [
      "a failed update",
      { lastUpdate: update({ result: "failed" }) },
      "update",
      /failed; what serves stays in service/,
      /pulumi up/,
    ],
    [
      "a rollback that main has not followed",
      {
        head: { commit: "f".repeat(40), since: 1 },
        undone: { served: `65ac2f9b${"0".repeat(32)}`, files: ["site/planet.ini"] },
      },
      "update",
      /this checkout still has what a rollback to 65ac2f9b undid/,
      /git restore --source 65ac2f9b --staged --worktree site\/planet\.ini, then commit/,
    ],
    [
      "a second server",
      { state: stateWith([{ ...SERVER, urn: `${SERVER.urn}2`, id: "i-0002" }]) },
      "state",
      /2 servers are there: i-0001, i-0002/,
      /pulumi up.*planet rollback/,
    ],
  ];

  test.each(problems)(
    "%s is one problem, with its next step, and exit code 1",
    async (_, changes, topic, text, next) => {
      const facts = statusFacts(changes);
      const found = judgeStatus(facts).filter(({ level }) => level === "problem");
      expect(found).toEqual([
        { topic, level: "problem", text: expect.stringMatching(text), next: expect.stringMatching(next) },
      ]);
      expect((await status(facts)).code).toBe(1);
    },
  );

  describe("a planet with a host", () => {
    const state = stateWith([], [], "https://planet.example.org/");
    // 90 days, of which 5 are over; the page is of 2026-03-01.
    const held: ServedCertificate = {
      ...{ isInEffect: true, message: "", names: ["planet.example.org"], issuer: "R11", source: "acme" },
      ...{ notBeforeMs: Date.parse("2026-02-24"), notAfterMs: Date.parse("2026-05-25"), fingerprint: "" },
      lastOrder: { time: "2026-02-24T09:00:00.000Z", result: "issued", message: "" },
    };
    const found = (certificate: ServedCertificate | undefined) =>
      judgeStatus(statusFacts({ state, served: page({ ...(certificate && { certificate }) }) })).find(
        ({ topic }) => topic === "https",
      );

    test("says name, issuer, end and last order", () => {
      const text =
        "planet.example.org by R11, valid until 2026-05-25 (for 85 days); last order issued 2026-02-24 09:00";
      expect(found(held)).toEqual({ topic: "https", level: "ok", text });
      expect(found({ ...held, message: "x" })).toEqual({ topic: "https", level: "note", text: `${text}; x` });
    });

    test.each<[string, ServedCertificate | undefined, RegExp, RegExp]>([
      [
        "no certificate",
        { ...held, isInEffect: false, message: "a.example leads to 192.0.2.7" },
        /192\.0\.2\.7/,
        /--wait/,
      ],
      ["less than a sixth left", { ...held, notAfterMs: Date.parse("2026-03-02") }, /for 12 h/, /keeps the server/],
      ["one that is over", { ...held, notAfterMs: Date.parse("2026-02-28") }, /\(over\)/, /keeps the server/],
      [
        "an imported one near its end",
        { ...held, source: "import", notAfterMs: Date.parse("2026-03-02") },
        /for 12 h/,
        /certificate import/,
      ],
      ["a server that was made before", undefined, /knows nothing of planet\.example\.org/, /pulumi up/],
    ])("with %s somebody has to act", (_, certificate, text, next) => {
      expect(found(certificate)).toEqual({
        ...{ topic: "https", level: "problem" },
        ...{ text: expect.stringMatching(text), next: expect.stringMatching(next) },
      });
    });

    test("without one, nothing is said of https", () => {
      expect(judgeStatus(statusFacts()).filter(({ topic }) => topic === "https")).toEqual([]);
    });
  });

  test("a begun step that a later run has ended is worth a note", () => {
    const begun = [{ type: "creating", resource: { ...SERVER, created: "2026-02-01T00:00:00Z" } }];
    const found = judgeStatus(statusFacts({ state: stateWith([], begun) })).filter(({ topic }) => topic === "state");
    expect(found).toEqual([
      {
        ...{ topic: "state", level: "note", text: expect.stringMatching(/and a later one has made it/) },
        next: expect.stringMatching(/next up forgets it.*clear-pending-creates/),
      },
    ]);
  });

  test("a begun step that a later run has ended stays beside one that is open, and says so", () => {
    const settled = { type: "creating", resource: { ...SERVER, created: "2026-02-01T00:00:00Z" } };
    const open = { type: "creating", resource: { ...SERVER, urn: `${SERVER.urn}2` } };
    const found = judgeStatus(statusFacts({ state: stateWith([], [settled, open]) }));
    const [note] = found.filter(({ topic, level }) => topic === "state" && level === "note");
    expect(note?.next).toMatch(/^goes with the one that is open: npx pulumi refresh --clear-pending-creates --yes/);
  });

  test("the server from before a failed update is not a problem of its own", () => {
    const facts = statusFacts({ served: page({ instanceId: "i-0009" }), lastUpdate: update({ result: "failed" }) });
    const found = judgeStatus(facts).find(({ topic }) => topic === "server");
    expect(found).toMatchObject({
      level: "note",
      text: expect.stringMatching(/i-0009.*before the update that failed/),
    });
  });

  test("a server that does not serve after a failed update is left by a rollback, which boots nothing", () => {
    const facts = statusFacts({
      served: { kind: "other", http: 500, text: "" },
      lastUpdate: update({ result: "failed" }),
    });
    const [address] = judgeStatus(facts);
    expect(address?.next).toMatch(/^npx planet rollback --stack prod, or: npx planet recover/);
  });

  test.each<[string, Partial<StatusFacts>, string, RegExp]>([
    [
      "a failing feed among others",
      { served: page({ feeds: [feed, { ...feed, state: "ok" }] }) },
      "feeds",
      /Bert.*timeout, 3 times, never read/,
    ],
    [
      "a feed that has failed for the first time",
      {
        served: page({
          feeds: [
            { ...feed, failures: 1 },
            { ...feed, state: "ok" },
          ],
        }),
      },
      "feeds",
      /Bert.*timeout, once, never read/,
    ],
    [
      "a feed that is gone",
      {
        served: page({
          feeds: [
            { ...feed, state: "gone" },
            { ...feed, state: "ok" },
          ],
        }),
      },
      "feeds",
      /gone for good/,
    ],
    [
      "an update that runs",
      { locks: [{ ...lock, isAlive: true }] },
      "lock",
      /has been working on the stack for 10 min/,
    ],
    [
      "a step that an update under way has begun",
      { locks: [{ ...lock, isAlive: true }], state: stateWith([], [{ type: "creating", resource: SERVER }]) },
      "lock",
      /has been working on the stack/,
    ],
    [
      "content that was published a moment ago",
      {
        bucket: bucketPublished("2026-03-01T11:59:50Z"),
        served: page({ contentDigest: "0".repeat(64), contentId: "00000000" }),
      },
      "content",
      /00000000, published is [0-9a-f]{8}: on its way, in 3 min$/,
    ],
    [
      "content that the next look should have taken by now",
      {
        bucket: bucketPublished("2026-03-01T11:56:00Z"),
        served: page({
          ...{ contentDigest: "0".repeat(64), contentId: "00000000" },
          generatedMs: Date.parse("2026-03-01T11:54:30Z"),
        }),
      },
      "content",
      /on its way, at any moment$/,
    ],
    [
      "more failing feeds than others",
      { served: page({ feeds: [feed, feed, { ...feed, state: "ok" }] }) },
      "feeds",
      /^only 1 of 3 feeds answer$/,
    ],
    ["a lock of another machine", { locks: [lock] }, "lock", /anna@desk/],
    ["a later commit", { head: { commit: "f".repeat(40), since: 1 } }, "update", /1 commit further/],
    ["later commits", { head: { commit: "f".repeat(40), since: 3 } }, "update", /3 commits further/],
    ["another branch", { head: { commit: "f".repeat(40) } }, "update", /not a descendant/],
  ])("%s is a note and nobody's work", (_, changes, topic, text) => {
    const findings = judgeStatus(statusFacts(changes));
    expect(findings.filter(({ level }) => level === "problem")).toEqual([]);
    expect(findings).toContainEqual(
      expect.objectContaining({ topic, level: "note", text: expect.stringMatching(text) }),
    );
  });

  test("--json has the same verdict and findings", async () => {
    const { code, out } = await status(statusFacts({ served: { kind: "silent", reason: "no" } }), "--json");
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      schema: 1,
      stack: "prod",
      well: false,
      outputs: OUTPUTS,
      page: { kind: "silent" },
    });
  });

  test("an address that is a command for a shell is quoted in each advice", () => {
    const url = "http://evil.example/;touch$IFS/tmp/owned;'";
    for (const more of [{ state: "gone" }, { needsAttention: true }, {}]) {
      const found = judgeStatus(statusFacts({ served: page({ feeds: [{ ...feed, url, ...more }] }) }));
      const advice = found.flatMap(({ next = "" }) => (next.includes("evil") ? [next] : []));
      expect(advice).not.toEqual([]);
      for (const next of advice) expect(next).toContain(quote(url));
    }
  });

  test("what a feed says cannot command the terminal", async () => {
    const { out } = await status(statusFacts({ served: page({ feeds: [{ ...feed, name: "\u001b[2Jx\ny" }] }) }));
    expect(out).not.toContain("\u001b");
    expect(out).toContain("x y (http://b.example/f)");
  });
});
