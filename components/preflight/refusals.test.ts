import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { sha256Of } from "@planet/content";
import { ExplainedError } from "@planet/errors";
import type { Refusal } from "./decideContent.ts";
import type { Published } from "./published.ts";
import { bucketRefusal, fileRefusals } from "./refusals.ts";

const place = { stack: "local", bucketUrl: "http://10.67.0.1:8773/services/objectstorage/planet", leave: [] };
const none = { live: new Map(), kept: new Map(), overwritten: new Map() };
const missing: Published = { ...none, manifest: { state: "missing" } };
const ofStack = (stack: string): Published => {
  return { ...none, manifest: { state: "present", manifest: { stack, files: [] }, modified: undefined } };
};
const refusal = (name: string, kind: Refusal["kind"], before: string, after?: string): Refusal => {
  const live = { sha256: sha256Of(before), bytes: Buffer.from(before), modified: new Date("2026-03-01T09:30:00Z") };
  return { name, kind, live, ...(after !== undefined && { wanted: Buffer.from(after) }) };
};

/** The one place where our sentences are reviewed; UPDATE_GOLDEN=1 rewrites it. */
function expectGolden(name: string, text: string) {
  const golden = `components/preflight/testdata/${name}.golden`;
  if (process.env.UPDATE_GOLDEN) writeFileSync(golden, text);
  expect(text).toBe(readFileSync(golden, "utf8"));
}

describe("fileRefusals", () => {
  test("names every file, its difference and the next steps", () => {
    const { message } = new ExplainedError(
      fileRefusals(
        [
          refusal("planet.ini", "edited", "[Planet]\nname = P\n\n[http://b.example/feed]\n", "[Planet]\nname = Q\n"),
          refusal("planet.css", "edited-again", "a {}\n"),
          refusal("images/logo.png", "edited", "\0\0", "\0"),
          { name: "about.txt", kind: "forbidden" },
        ],
        ofStack("local"),
        place,
      ),
    );
    expectGolden("edited", `${message}\n`);
  });

  test("offers to adopt a bucket of earlier days", () => {
    const { message } = new ExplainedError(
      fileRefusals([refusal("planet.ini", "edited", "a\n", "b\n")], missing, place),
    );
    expectGolden("adopt", `${message}\n`);
  });

  test("a file is left out besides those that the setting names already", () => {
    const leave = ["planet.css", "images/logo.png"];
    const { next } = fileRefusals([refusal("planet.ini", "edited", "a\n", "b\n")], ofStack("local"), {
      ...place,
      leave,
    });
    expect(next).toContain("npx pulumi config set --path 'planet:leave[2]' planet.ini --stack local");
  });

  test("a long difference leaves room for the next steps", () => {
    const long = Array.from({ length: 1000 }, (_, index) => `line ${index}`).join("\n");
    const { why } = fileRefusals([refusal("planet.ini", "edited", long, "b\n")], missing, place);
    expect((why ?? "").split("\n").length).toBeLessThan(130);
    expect(why).toMatch(/… and \d+ more lines/);
  });
});

describe("bucketRefusal", () => {
  test.each<[string, Published, string]>([
    ["another stack's", ofStack("prod"), "BUCKET_OF_OTHER_STACK"],
    ["closed", { ...none, manifest: { state: "forbidden" } }, "BUCKET_MANIFEST_FORBIDDEN"],
    ["broken", { ...none, manifest: { state: "unreadable", reason: "it is not JSON" } }, "BUCKET_MANIFEST_UNREADABLE"],
  ])("%s manifest", (_, state, code) => {
    expect(bucketRefusal(state, place)).toMatchObject({ code });
  });

  test("our own and none are fine", () => {
    expect(bucketRefusal(ofStack("local"), place)).toBeUndefined();
    expect(bucketRefusal(missing, place)).toBeUndefined();
  });
});
