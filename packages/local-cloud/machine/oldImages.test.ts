import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { oldLayers, removeLayers, touchLayers } from "./oldImages.ts";

const NEW = "debian-12-rc-local-aaaaaaaaaaaa";
const OLD = "debian-12-rc-local-bbbbbbbbbbbb";
const MOUNTED = "debian-12-rc-local-cccccccccccc";
const RECENT = "debian-12-rc-local-dddddddddddd";
const OTHERS = ["debian-12-eeeeeeeeeeee", "debian-12-cloud-init-ffffffffffff", "lock", "notes"];

test("a layer of an older recipe goes; one in use, used lately, or of another name stays", async () => {
  const cache = mkdtempSync(join(tmpdir(), "images-"));
  const longAgo = new Date(Date.now() - 2 * 60 * 60_000);
  for (const name of [NEW, OLD, MOUNTED, RECENT, ...OTHERS]) {
    mkdirSync(join(cache, name));
    utimesSync(join(cache, name), longAgo, longAgo);
  }
  writeFileSync(join(cache, OLD, "file"), "");
  utimesSync(join(cache, OLD), longAgo, longAgo);
  touchLayers([join(cache, RECENT)]);
  const mounts = `overlay /m/root overlay rw,lowerdir=${cache}/${MOUNTED}:${cache}/debian-12-eeeeeeeeeeee,upperdir=/m/upper 0 0\n`;
  const old = oldLayers(cache, [join(cache, NEW)], Date.now(), mounts);
  expect(old).toEqual([join(cache, OLD)]);
  await removeLayers(old);
  expect(existsSync(join(cache, OLD))).toBe(false);
  expect(readdirSync(cache).toSorted()).toEqual([NEW, MOUNTED, RECENT, ...OTHERS].toSorted());
  rmSync(cache, { recursive: true });
});
