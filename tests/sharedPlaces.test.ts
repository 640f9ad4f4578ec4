import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "@jest/globals";
import { placesOf } from "../packages/local-cloud/daemon/places.ts";
import { cloudIdentity } from "../packages/local-cloud/identity.ts";
import { imageLock } from "../packages/local-cloud/machine/imageStore.ts";
import { ensureEntry } from "../packages/toolchain/cacheEntry.ts";
import { controlSocket } from "../packages/toolchain/localCloud.ts";
import { cliCache } from "../packages/toolchain/places.ts";

/** Plain JavaScript, so it has no types of its own. */
interface CleanScript {
  readonly CLOUD_NAME: RegExp;
  cliBuilder(folder: string): string | undefined;
  sharedPlaces(environment: NodeJS.ProcessEnv): Readonly<Record<"clouds" | "cliCache" | "imageLock", string>>;
}
const script: string = "../scripts/clean.mjs";
const { CLOUD_NAME, cliBuilder, sharedPlaces } = (await import(script)) as CleanScript;

// Three parts know these places and import nothing from each other: local cloud, toolchain, and the script without packages.

const ENVIRONMENTS: readonly NodeJS.ProcessEnv[] = [{}, { XDG_STATE_HOME: "/tmp/state", XDG_CACHE_HOME: "/tmp/cache" }];

test.each(ENVIRONMENTS)("with %j, the toolchain asks the local cloud where it listens", (environment) => {
  expect(controlSocket("local", environment)).toBe(placesOf("local", environment).controlSocket);
});

test.each(ENVIRONMENTS)("with %j, `clean` removes what was made, and finds its locks", (environment) => {
  const { directory, lockFile } = placesOf("local", environment);
  expect(sharedPlaces(environment)).toMatchObject({
    clouds: dirname(directory),
    cliCache: cliCache(environment),
    imageLock: imageLock(environment),
  });
  expect(dirname(lockFile)).toBe(dirname(directory));
});

test("`clean` knows who makes the Pulumi CLI by the lock of the toolchain", async () => {
  const folder = mkdtempSync(join(tmpdir(), "planet-places-"));
  let builder: string | undefined;
  const make = () => {
    builder = cliBuilder(folder);
    return Promise.resolve();
  };
  await ensureEntry(join(folder, "3-abc"), make, () => undefined);
  expect(builder).toContain(`process ${process.pid} is`);
  expect(cliBuilder(folder)).toBeUndefined();
  rmSync(folder, { recursive: true });
});

test.each(["local", "a-1", "a".repeat(20), "a".repeat(21), ".local.lock", "1a", "A", ""])(
  "`clean` takes %j for a cloud's folder when the local cloud does",
  (name) => {
    const isTaken = (): boolean => {
      try {
        cloudIdentity(name);
        return true;
      } catch {
        return false;
      }
    };
    expect(CLOUD_NAME.test(name)).toBe(isTaken());
  },
);
