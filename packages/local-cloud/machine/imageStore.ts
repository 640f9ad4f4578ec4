import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { rm } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { attempt, run } from "./command.ts";
import { hostSettings, resolverText } from "./hostSettings.ts";
import type { ImageName } from "./images.ts";
import { withLock } from "./lock.ts";
import { oldLayers, removeLayers, touchLayers } from "./oldImages.ts";
import { codenameOf, imageRecipe, type Recipe, recipeHash } from "./recipe.ts";
import { FIRST_USER, shiftOwners } from "./userRange.ts";

/** Folders for overlayfs's `lowerdir`, uppermost first. */
export type ImageLayers = readonly string[];

type Progress = (line: string) => void;

const LOADER = new URL("../../../userdata/rc.local", import.meta.url);

function imageCache(environment: NodeJS.ProcessEnv = process.env): string {
  return join(environment.XDG_CACHE_HOME || join(homedir(), ".cache"), "planet", "images");
}

/** Held by the process that builds. */
export const imageLock = (environment: NodeJS.ProcessEnv = process.env): string =>
  join(imageCache(environment), "lock");

/**
 * Builds the image when the cache has none of this recipe. A layer becomes visible by one rename after it is whole,
 * belongs to the machines' users, and one process at a time builds: a kill leaves a `building-…` folder, which the next build removes. Layers of older recipes go.
 * To get newer packages, delete the cache folder.
 */
export async function ensureImage(name: ImageName, onProgress: Progress): Promise<ImageLayers> {
  const loader = name.endsWith("-rc-local") ? readFileSync(LOADER, "utf8") : "";
  const recipe = imageRecipe(name, await hostSettings(codenameOf(name)), loader);
  const { codename, base, variant } = recipe;
  const release = name.split("-").slice(0, 2).join("-");
  const baseFolder = join(imageCache(), `${release}-${recipeHash(codename, base)}`);
  const variantFolder = join(imageCache(), `${name}-${recipeHash(codename, base, variant)}`);
  if (!existsSync(baseFolder) || !existsSync(variantFolder)) {
    await withLock(imageLock(), async () => {
      await removeUnfinished();
      await ensureLayer(baseFolder, (folder) => buildBase(folder, codename, base, onProgress));
      await ensureLayer(variantFolder, (folder) => buildVariant(folder, baseFolder, variant, name, onProgress));
    });
  }
  const layers = [variantFolder, baseFolder];
  touchLayers(layers);
  if (oldLayers(imageCache(), layers).length > 0)
    await withLock(imageLock(), () => removeLayers(oldLayers(imageCache(), layers)));
  return layers;
}

async function ensureLayer(folder: string, build: (temporary: string) => Promise<void>): Promise<void> {
  if (existsSync(folder)) return;
  const temporary = mkdtempSync(join(dirname(folder), "building-"));
  chmodSync(temporary, 0o755);
  try {
    await build(temporary);
    await shiftOwners(join(temporary, "root"), 0, FIRST_USER);
    renameSync(join(temporary, "root"), folder);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** What a killed build left; we hold the lock, so nobody is building. */
async function removeUnfinished(): Promise<void> {
  for (const name of readdirSync(imageCache()).filter((entry) => entry.startsWith("building-"))) {
    await attempt(["umount", "-l", join(imageCache(), name, "merged")]);
    await rm(join(imageCache(), name), { recursive: true, force: true });
  }
}

async function buildBase(folder: string, codename: string, recipe: Recipe, onProgress: Progress): Promise<void> {
  onProgress(`building Debian ${codename}, once; this takes about half a minute`);
  const root = join(folder, "root");
  const inputs = join(folder, "inputs");
  for (const file of recipe.files) writeInto(inputs, file);
  const include = `--include=${recipe.packages.join(",")}`;
  const settings = join(inputs, "etc/apt/apt.conf.d/80host");
  const sources = join(inputs, "etc/apt/sources.list.d/debian.sources");
  // Passwords must be in place before the first download, hence the hook.
  const hook = `--setup-hook=test ! -d '${inputs}/etc/apt/auth.conf.d' || cp -r '${inputs}'/etc/apt/auth.conf* "$1/etc/apt/"`;
  await run([
    "mmdebstrap",
    ...["--mode=root", "--variant=minbase", "--format=directory", `--aptopt=${settings}`],
    ...[include, hook, codename, root, sources],
  ]);
  // mmdebstrap writes what it was called with; the recipe's own files say the same and take their place.
  rmSync(join(root, "etc/apt/apt.conf.d/99mmdebstrap"), { force: true });
  for (const name of ["0000debian.sources", "0000sources.list"])
    rmSync(join(root, "etc/apt/sources.list.d", name), { force: true });
  finishLayer(root, recipe);
  writeFileSync(join(root, "etc/machine-id"), ""); // each machine gets its own at first boot
  if (existsSync(join(root, "usr/local/share/ca-certificates"))) await run(["chroot", root, "update-ca-certificates"]);
}

async function buildVariant(
  folder: string,
  base: string,
  recipe: Recipe,
  name: string,
  onProgress: Progress,
): Promise<void> {
  onProgress(`building image ${name}`);
  const root = join(folder, "root");
  mkdirSync(root);
  if (recipe.packages.length > 0) await installPackages(folder, base, root, recipe.packages);
  finishLayer(root, recipe);
}

/** Installs over the base in an overlay whose upper folder becomes the layer. Packages expect to be installed by the system's root. */
async function installPackages(
  folder: string,
  base: string,
  upper: string,
  packages: readonly string[],
): Promise<void> {
  const [lower, merged, work] = [join(folder, "lower"), join(folder, "merged"), join(folder, "work")];
  for (const path of [merged, work]) mkdirSync(path);
  await run(["cp", "--archive", "--reflink=auto", base, lower]);
  await shiftOwners(lower, FIRST_USER, 0);
  await run(["mount", "-t", "overlay", "overlay", "-o", `lowerdir=${lower},upperdir=${upper},workdir=${work}`, merged]);
  try {
    writeFileSync(join(merged, "etc/resolv.conf"), resolverText());
    writeFileSync(join(merged, "usr/sbin/policy-rc.d"), "#!/bin/sh\nexit 101\n", { mode: 0o755 }); // start no services in here
    const script = `set -e; mount -t proc proc /proc; trap 'umount /proc' EXIT
apt-get -q update; apt-get -qy --no-install-recommends install ${packages.join(" ")}; apt-get clean
rm -rf /usr/sbin/policy-rc.d /etc/resolv.conf /var/lib/apt/lists/* /var/cache/apt/*.bin /var/log/apt /var/log/dpkg.log`;
    await run(["chroot", merged, "sh", "-c", script], {
      environment: { DEBIAN_FRONTEND: "noninteractive", PATH: "/usr/sbin:/usr/bin:/sbin:/bin" },
    });
  } finally {
    if (!(await attempt(["umount", merged]))) await attempt(["umount", "-l", merged]);
  }
}

function finishLayer(root: string, { files, maskedUnits }: Recipe): void {
  for (const file of files) writeInto(root, file);
  for (const unit of maskedUnits) {
    mkdirSync(join(root, "etc/systemd/system"), { recursive: true });
    rmSync(join(root, "etc/systemd/system", unit), { force: true });
    symlinkSync("/dev/null", join(root, "etc/systemd/system", unit));
  }
}

function writeInto(root: string, { path, bytes, mode }: { path: string; bytes: Buffer; mode: number }): void {
  const target = join(root, path);
  mkdirSync(dirname(target), { recursive: true });
  rmSync(target, { force: true });
  writeFileSync(target, bytes, { mode });
}
