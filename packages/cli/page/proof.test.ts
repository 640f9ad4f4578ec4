import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "@jest/globals";
import { type ProbeReport, startProbe } from "./probe.ts";
import { describeProof } from "./proof.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 10));
}

async function serve(answer: (count: number) => { status?: number; body: string }): Promise<string> {
  let count = 0;
  const server = createServer((_, response) => {
    const { status = 200, body } = answer(count++);
    response.writeHead(status).end(body);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/status.json`;
}

describe("startProbe (proves it with a real server on this machine)", () => {
  test("fails nobody while a server answers, and names who answered", async () => {
    const url = await serve((count) => ({ body: `{"release": "${count < 3 ? "aaaaaaaa" : "bbbbbbbb"}"}` }));
    const probe = startProbe(url, 50);
    await until(() => probe.report().releases.length === 2);
    const report = await probe.stop();
    expect(report).toMatchObject({ failed: 0, failures: [], releases: ["aaaaaaaa", "bbbbbbbb"] });
  });

  test("counts failures and the gap when service stops", async () => {
    const url = await serve(() => ({ body: "{}" }));
    const probe = startProbe(url, 50);
    await until(() => probe.report().requests > 5);
    const server = servers.pop();
    await new Promise((resolve) => server?.close(resolve));
    await until(() => probe.report().failed > 20);
    const report = await probe.stop();
    expect(report.failures.at(-1)).toMatch(/^20\d\d-.*Z .*ECONNREFUSED/);
    expect(report.longestGapMs).toBeGreaterThan(300); // 20 times 20 ms, less what a timer may be early
  });

  test.each([{ status: 503, body: "x" }, { body: "" }])("an answer like %j is a failure", async (answer) => {
    const probe = startProbe(await serve(() => answer), 50);
    await until(() => probe.report().requests > 3);
    const { requests, failed } = await probe.stop();
    expect(failed).toBe(requests);
  });

  test("keeps to its rate when timers come late", async () => {
    const probe = startProbe("http://unused/", 1000, async () => "aaaaaaaa");
    const begin = performance.now();
    while (performance.now() - begin < 100); // nothing else runs
    await until(() => probe.report().requests > 0);
    expect((await probe.stop()).requests).toBeGreaterThanOrEqual(100);
  });

  test("keeps no more than some of the failures", async () => {
    const probe = startProbe("http://unused/", 1000, () => Promise.reject(new Error("no")));
    await until(() => probe.report().failed > 20);
    const { failed, failures } = await probe.stop();
    expect(failed).toBeGreaterThan(20);
    expect(failures).toHaveLength(20);
  });
});

describe("describeProof", () => {
  const report: ProbeReport = {
    ...{ requests: 412, failed: 0, failures: [], slowestMs: 31, longestGapMs: 118 },
    ...{ releases: ["aaaaaaaa", "bbbbbbbb"], firstAnswersMs: [12, 24_180] },
  };
  const [before, after] = [
    { instanceId: "i-1", release: "aaaaaaaa" },
    { instanceId: "i-2", release: "bbbbbbbb" },
  ];

  const notYet = { had: 7, entries: 0, feeds: [] };

  test("names both servers, the requests and the longest gap", () => {
    expect(describeProof({ before, after, notYet, probe: report })).toBe(
      [
        "  Old server  i-1 (release aaaaaaaa)",
        "  New server  i-2 (release bbbbbbbb), first answer after 24 s",
        "  Entries     all 7 that the old server had are there",
        "  Requests    412 from here, each over a connection of its own",
        "  Failed      0",
        "  Longest gap 0.12 s without an answer; slowest answer 0.03 s",
        "",
      ].join("\n"),
    );
  });

  test("counts several servers, which come and go by themselves", () => {
    const [old, fresh] = [before, after].map((server) => ({ ...server, instanceId: "", servers: 2 }));
    const text = describeProof({ before: old, after: fresh, notYet, probe: report });
    expect(text).toContain(
      "  Old server  2 servers (release aaaaaaaa)\n  New server  2 servers (release bbbbbbbb), first",
    );
    expect(describeProof({ before: old, after: old, notYet, probe: report })).toContain("the same as before");
  });

  test("reports each kind of failure once, and that the server is the same", () => {
    const failures = ["T1 refused", "T2 refused", "T3 status 503"];
    const text = describeProof({ before, after: before, notYet, probe: { ...report, failed: 3, failures } });
    expect(text).toContain("i-1 (release aaaaaaaa), the same as before");
    expect(text).toContain("  Failed      3\n              refused\n              status 503\n");
  });

  test("names the feeds of which the new server does not have all entries, or says that it is not known", () => {
    const feeds = [{ name: "Anna", url: "http://a.test/", has: 1, had: 3 }];
    const text = describeProof({ before, after, notYet: { had: 7, entries: 2, feeds }, probe: report });
    expect(text).toContain(
      "  Entries     2 of 7 that the old server had are not there yet:\n              Anna: 1 of 3\n",
    );
    expect(describeProof({ before, after, notYet: undefined, probe: report })).toContain("  Entries     not known");
  });
});
