import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { markOf, type Pair, readPair } from "./pair.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "planet-pair-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const read = (folder: string): Pair | undefined =>
  readPair({ cloud: { folder: join(root, folder, "cloud"), boots: [] }, state: join(root, folder, "state") }, "crash");

/** What is kept of a stack. */
function keep(folder: string, files: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(files)) {
    const path = join(root, folder, "state", ".pulumi", name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, typeof value === "string" ? value : JSON.stringify(value));
  }
}

const CHECKPOINT = "stacks/planet/crash.json";
const RESOURCES = [{ urn: "a", id: "i-11111111" }, { urn: "b" }];
const PENDING = [{ type: "creating", resource: { urn: "c" } }];
const checkpoint = (resources: readonly unknown[], pending: readonly unknown[] = PENDING) => {
  return { version: 3, checkpoint: { stack: "s", latest: { resources, pending_operations: pending } } };
};

test("two are the same however resources that are independent were written down, and whoever holds the lock", () => {
  keep("one", { [CHECKPOINT]: checkpoint(RESOURCES), "locks/organization/planet/crash/1.json": { pid: 1 } });
  keep("two", {
    [CHECKPOINT]: checkpoint(RESOURCES.toReversed().map((each) => ({ ...each, ...(each.id && { id: "i-22222222" }) }))),
    "locks/organization/planet/crash/2.json": { pid: 2 },
    "backups/planet/crash/crash.1.json": {},
  });
  expect(markOf(read("one"))).toBe(markOf(read("two")));
});

test.each<[string, Readonly<Record<string, unknown>>]>([
  ["one resource less", { [CHECKPOINT]: checkpoint(RESOURCES.slice(1)) }],
  ["no pending operation", { [CHECKPOINT]: checkpoint(RESOURCES, []) }],
  ["a lock", { [CHECKPOINT]: checkpoint(RESOURCES), "locks/organization/planet/crash/1.json": { pid: 1 } }],
])("%s is a difference", (_, files) => {
  keep("one", { [CHECKPOINT]: checkpoint(RESOURCES) });
  keep("two", files);
  expect(markOf(read("one"))).not.toBe(markOf(read("two")));
});

test("what comes next counts, and what it is judged by", () => {
  keep("one", { [CHECKPOINT]: checkpoint(RESOURCES) });
  const marks = ["again", "back"].map((recovery) => markOf(read("one"), { recovery, address: "127.66.21.10" }));
  expect(new Set(marks).size).toBe(2);
});

test("the history is read, and is not part of the pair itself", () => {
  keep("one", { [CHECKPOINT]: checkpoint([]) });
  keep("two", { [CHECKPOINT]: checkpoint([]), "history/planet/crash/crash-1.history.json": { kind: "update" } });
  expect(read("two")?.history).toEqual([{ kind: "update" }]);
  expect(markOf(read("one"))).toBe(markOf(read("two")));
});

test.each([
  ["checkpoint", { [CHECKPOINT]: '{"version":3,"check' }],
  ["history", { [CHECKPOINT]: checkpoint([]), "history/planet/crash/crash-1.history.json": "" }],
])("a state whose %s is cut off is like no other", (_, files) => {
  keep("one", files);
  expect(read("one")).toBeUndefined();
  expect(markOf(read("one"))).toBeUndefined();
});
