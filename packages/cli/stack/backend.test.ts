import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { type Backend, lockFolder, parseBackend } from "./backend.ts";
import { readLocks } from "./locks.ts";

test.each<[string, Backend]>([
  ["file:///srv/state", { kind: "file", folder: "/srv/state" }],
  ["file://./state", { kind: "file", folder: "/planet/state" }],
  ["file:///srv/my%20state?no_tmp_dir=true", { kind: "file", folder: "/srv/my state" }],
  [
    "s3://b/prod?endpoint=http://192.0.2.1:8773/services/objectstorage&use_path_style=true&region=eucalyptus",
    {
      kind: "s3",
      bucket: "b",
      prefix: "prod/",
      endpoint: "http://192.0.2.1:8773/services/objectstorage",
      region: "eucalyptus",
    },
  ],
  [
    "s3://b?endpoint=192.0.2.1:8773&disableSSL=true",
    { kind: "s3", bucket: "b", prefix: "", endpoint: "http://192.0.2.1:8773", region: "eucalyptus" },
  ],
  ["s3://b?region=eu-west-1", { kind: "s3", bucket: "b", prefix: "", region: "eu-west-1" }],
  ["https://api.pulumi.com", { kind: "other", scheme: "https" }],
  ["", { kind: "other", scheme: "" }],
])("%s", (url, backend) => expect(parseBackend(url, "/planet")).toEqual(backend));

test("locks are read from a folder, and whether their process lives", async () => {
  const folder = mkdtempSync(join(tmpdir(), "planet-locks-"));
  const locks = join(folder, lockFolder("planet", "prod"));
  const read = () => readLocks({ kind: "file", folder }, { project: "planet", stack: "prod" }, {});
  expect(await read()).toEqual([]);

  mkdirSync(locks, { recursive: true });
  const write = (name: string, host: string, pid: number) =>
    writeFileSync(join(locks, name), JSON.stringify({ pid, username: "u", hostname: host, timestamp: "t" }));
  write("a.json", hostname(), process.pid);
  write("b.json", hostname(), 2 ** 22 + 1);
  write("c.json", "elsewhere", 1);
  writeFileSync(join(locks, "a.json.attrs"), "not a lock");

  expect((await read())?.map(({ isAlive }) => isAlive)).toEqual([true, false, undefined]);
  rmSync(folder, { recursive: true });
});
