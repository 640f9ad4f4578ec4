import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { cloudIdentity } from "../identity.ts";
import { putVersion } from "../s3/store.ts";
import type { Bucket } from "../s3/types.ts";
import { newWorldState } from "./newWorld.ts";
import { readStateFile, StateFile } from "./stateFile.ts";
import { World } from "./world.ts";

describe("the state file (proves what a reader finds; not a power failure)", () => {
  let directory = "";
  let world: World;
  let file: StateFile;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "state-"));
    const identity = cloudIdentity("local");
    const state = newWorldState({ mode: "vpc", version: "5.1" }, identity, "seed");
    world = new World(state, identity, [], () => new Date());
    file = new StateFile(path(), world);
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const path = () => join(directory, "state.json");
  const journals = () => readdirSync(directory).filter((name) => name.endsWith(".journal"));
  const journal = () => join(directory, journals()[0] ?? "");
  const written = () => readdirSync(directory).reduce((sum, name) => sum + statSync(join(directory, name)).size, 0);

  const addBucket = (): Bucket => {
    const common = { created: "2026-01-01T00:00:00.000Z", location: "", grants: [], versioning: undefined };
    const bucket = { name: "many", ...common, objects: new Map() };
    world.state.buckets.set(bucket.name, bucket);
    return bucket;
  };
  const put = (bucket: Bucket, key: string, size = 1) => {
    const headers = new Map([["Content-Type", "text/html"]]);
    const version = { versionId: "null", modified: "", etag: "0", size, file: world.nextToken(), headers, grants: [] };
    putVersion(world, bucket, key, version);
  };

  test("every flush sees what was true at its call, many calls share a write, and only the owner may read", async () => {
    await file.flush();
    const flushed = Array.from({ length: 20 }, (_, index) => {
      world.state.tags.set("i-1", new Map([["__proto__", String(index)]]));
      return file.flush();
    });
    await Promise.all(flushed);
    expect(readStateFile(path())).toEqual(world.state);
    expect(readFileSync(journal(), "utf8").trim().split("\n").length).toBeLessThan(5);
    for (const name of readdirSync(directory)) expect(statSync(join(directory, name)).mode & 0o777).toBe(0o600);
  });

  test("one object more costs the same, however many there are", async () => {
    const bucket = addBucket();
    await file.flush();
    const costs: number[] = [];
    for (let key = 1000; key < 4000; key += 1) {
      put(bucket, `k${key}`);
      if (key % 1000 > 1) continue;
      const before = written();
      await file.flush();
      if (key % 1000 === 1) costs.push(written() - before);
    }
    expect(costs).toHaveLength(3);
    expect(Math.max(...costs)).toBeLessThan(1000);
  });

  test("a journal as large as its snapshot is replaced by a new snapshot, and none is left over", async () => {
    const bucket = addBucket();
    await file.flush();
    const first = journals();
    for (let round = 0; round < 40; round += 1) {
      for (let key = 0; key < 300; key += 1) put(bucket, `k${key}`, round);
      await file.flush();
    }
    put(bucket, "last");
    await file.flush();
    expect(journals()).toHaveLength(1);
    expect(journals()).not.toEqual(first);
    expect(written()).toBeLessThan(4 * 1024 * 1024);
    expect(readStateFile(path())).toEqual(world.state);
  });

  test("what a kill has cut off is as if it had never been, and the next process writes behind it", async () => {
    const bucket = addBucket();
    put(bucket, "kept");
    await file.flush();
    put(bucket, "also kept");
    await file.flush();
    appendFileSync(journal(), '{"counter":99,"changes":[[["buckets","many","obj');
    expect(readStateFile(path())).toEqual(world.state);
    const next = new StateFile(path(), world);
    put(bucket, "new");
    await next.flush();
    put(bucket, "newer");
    await next.flush();
    expect(readStateFile(path())).toEqual(world.state);
  });

  test("after a write that failed, the next one writes everything", async () => {
    const bucket = addBucket();
    await file.flush();
    put(bucket, "first");
    await file.flush();
    rmSync(directory, { recursive: true });
    put(bucket, "second");
    await expect(file.flush()).rejects.toMatchObject({ code: "ENOENT" });
    put(bucket, "third");
    await file.flush();
    expect(readStateFile(path())).toEqual(world.state);
  });

  test("a state without a journal is read, another format is refused with the way out, no file is an empty cloud", async () => {
    expect(readStateFile(path())).toBeUndefined();
    await file.flush();
    writeFileSync(path(), readFileSync(path(), "utf8").replace(/"format": 2,\s*"journal": "[^"]*"/, '"format": 1'));
    expect(readStateFile(path())).toEqual(world.state);
    writeFileSync(path(), '{"format":0}');
    expect(() => readStateFile(path())).toThrow(expect.objectContaining({ code: "OTHER_FORMAT" }));
  });
});
