import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import type { PreviewEdges } from "../../change/previewChange.ts";
import { bucketWith } from "../../change/testing/testChange.ts";
import type { Context } from "../../command.ts";
import { planetServed } from "../../page/testing/planetServed.ts";
import { createPreviewCommand } from "./previewCommand.ts";

const json = (name: string) => readFileSync(`packages/cli/change/testdata/${name}.json`, "utf8");

async function run(argv: string[], answer: { code: number; stdout: string }, more: Partial<PreviewEdges> = {}) {
  const calls: (readonly string[])[] = [];
  const urls: string[] = [];
  const written: string[] = [];
  const edges: PreviewEdges = {
    pulumi: async (args) => {
      calls.push(args);
      return args.includes("--show-name") ? { code: 0, stdout: "organization/planet/prod\n" } : answer;
    },
    readBucket: async (url) => {
      urls.push(url);
      return bucketWith({});
    },
    undone: async () => [],
    uncommitted: async () => [],
    page: async () => ({ kind: "silent", reason: "timeout" }),
    environmentOf: async () => ({ AWS_SECRET_ACCESS_KEY: "almanac.blogs.test" }),
    ...more,
  };
  const context: Context = {
    checkout: "/checkout",
    shownNotices: new Set<string>(),
    environment: {},
    out: (text) => void written.push(text),
    err: () => {},
  };
  const code = await createPreviewCommand(edges).run(argv, context);
  return { code, out: written.join(""), calls, urls };
}

describe("planet preview", () => {
  test("asks the engine once, reads the bucket of the stack's settings, hides what the environment holds", async () => {
    const { code, out, calls, urls } = await run(["--stack", "pv"], { code: 0, stdout: json("content") });
    expect(code).toBe(0);
    expect(calls).toEqual([["preview", "--json", "--non-interactive", "--stack", "pv"]]);
    expect(urls).toEqual(["http://10.67.0.1:8773/services/objectstorage/planet"]);
    expect(out).toContain("added: The Almanac http://[secret]/feed.xml");
  });

  test("prints the typed change for scripts", async () => {
    const { out } = await run(["--json"], { code: 0, stdout: json("roll") });
    expect(JSON.parse(out)).toMatchObject({ stack: "pv", verdict: "server", server: { kind: "new" } });
  });

  test("names feeds that do not answer, when a new server comes that may not have their entries at first", async () => {
    const feeds = [{ url: "u", name: "Anna", entries: 2, state: "failing" }];
    const asked: string[] = [];
    const page = async (url: string) => {
      asked.push(url);
      return planetServed("aaaaaaaa", 3, 300, { feeds });
    };
    expect((await run([], { code: 0, stdout: json("roll") }, { page })).out).toContain(
      "not answer now: Anna (2 entries)",
    );
    expect((await run([], { code: 0, stdout: json("content") }, { page })).out).not.toContain("Anna");
    expect(asked).toEqual([expect.stringMatching(/^http:\/\/[\d.]+\/$/)]);
  });

  test.each([
    ["a refusal", { code: 1, stdout: json("refused") }, "would be refused"],
    ["no JSON", { code: 255, stdout: "error: no stack named x\n" }, "There is no preview"],
    ["a failure without a reason", { code: 1, stdout: json("content") }, "There is no preview"],
  ])("%s is a comment too, and exit code 1", async (_, answer, words) => {
    const { code, out } = await run(["--markdown"], answer);
    expect(code).toBe(1);
    expect(out).toContain(words);
    expect(out).toMatch(/^<!-- planet preview of stack \w+ -->\n/);
  });

  test("a preview that failed is titled with the selected stack", async () => {
    const { out, calls } = await run([], { code: 255, stdout: "" });
    expect(calls).toEqual([
      ["preview", "--json", "--non-interactive"],
      ["stack", "--show-name", "--non-interactive"],
    ]);
    expect(out).toMatch(/^prod: There is no preview/);
    expect(out).toContain("npx planet preview --stack prod");
  });

  test("where no stack is selected, the advice is to name one", async () => {
    const pulumi = async () => ({ code: 255, stdout: "" });
    const { out } = await run([], { code: 255, stdout: "" }, { pulumi });
    expect(out).toContain("npx planet preview --stack <stack>");
    expect(out).not.toContain("selected");
  });

  test("what the engine says of each resource is said once", async () => {
    const diagnostics = ["error: Preview failed: no keys\n", "error: Preview failed: no keys\n", "preview failed"];
    const preview = {
      ...JSON.parse(json("content")),
      diagnostics: diagnostics.map((message) => ({ severity: "error", message })),
    };
    const { out } = await run(["--json"], { code: 1, stdout: JSON.stringify(preview) });
    expect(JSON.parse(out)).toMatchObject({ verdict: "refused", problems: ["no keys"] });
  });

  test("a bucket that cannot be read is said, not fatal", async () => {
    const readBucket = () => Promise.reject(new Error("refused"));
    const { code, out } = await run([], { code: 0, stdout: json("content") }, { readBucket });
    expect(code).toBe(0);
    expect(out).toContain("The bucket could not be read");
  });

  test("what a rollback has undone is not brought back unsaid", async () => {
    const undone = async () => ["site/planet.ini"];
    const { out } = await run(["--markdown"], { code: 0, stdout: json("content") }, { undone });
    expect(out).toContain("It brings back what the last rollback has undone: site/planet.ini.");
  });

  test("what is not committed is named, unless nothing changes", async () => {
    const uncommitted = async () => Array.from({ length: 12 }, (_, index) => `site/${index}.css`);
    const { out } = await run([], { code: 0, stdout: json("content") }, { uncommitted });
    expect(out).toMatch(/Not committed.*no rollback can come back to it: site\/0\.css, .*site\/9\.css and 2 more\./);
  });

  test("two formats at once are a mistake", async () => {
    await expect(run(["--json", "--markdown"], { code: 0, stdout: "" })).rejects.toMatchObject({
      code: "TWO_FORMATS",
    });
  });
});
