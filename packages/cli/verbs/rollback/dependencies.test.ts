import { mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "@jest/globals";
import { linkDependencies } from "./dependencies.ts";

let folder = "";
afterEach(() => rm(folder, { recursive: true, force: true }));

test("workspaces lead to the sources beside the links, everything else to what is installed", async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "planet-links-")));
  const [now, then] = [join(folder, "now"), join(folder, "then")];
  for (const checkout of [now, then]) {
    await mkdir(join(checkout, "packages/aggregator"), { recursive: true });
    await writeFile(join(checkout, "packages/aggregator/index.ts"), checkout);
  }
  await mkdir(join(now, "node_modules/@planet"), { recursive: true });
  await mkdir(join(now, "node_modules/@pulumi/aws"), { recursive: true });
  await mkdir(join(now, "node_modules/diff"), { recursive: true });
  await symlink("../../packages/aggregator", join(now, "node_modules/@planet/aggregator"));
  await mkdir(join(now, "node_modules/.bin"));
  await symlink("../@planet/aggregator/index.ts", join(now, "node_modules/.bin/planet"));

  await linkDependencies(now, then);

  expect(await readFile(join(then, "node_modules/@planet/aggregator/index.ts"), "utf8")).toBe(then);
  expect(await readFile(join(then, "node_modules/.bin/planet"), "utf8")).toBe(then);
  expect(await realpath(join(then, "node_modules/@pulumi/aws"))).toBe(join(now, "node_modules/@pulumi/aws"));
  expect(await realpath(join(then, "node_modules/diff"))).toBe(join(now, "node_modules/diff"));
});
