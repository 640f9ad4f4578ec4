import type { Stats } from "node:fs";
import { constants, copyFile, mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Places } from "./places.ts";

/** How a stand-in is started: Node by its path, because a bare `pulumi` may run with an older one on PATH. */
function launcher(node: string, main: string): string {
  const quote = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`;
  return `#!/bin/sh\nexec ${quote(node)} ${quote(main)} "$@"\n`;
}

/** Puts the built CLI and the small language host side by side. */
export async function placeBuiltCli(places: Places, binary: string, node: string): Promise<string> {
  await mkdir(places.bin, { recursive: true });
  const host = fileURLToPath(new URL("host/main.ts", import.meta.url));
  await placeText(path.join(places.bin, "pulumi-language-nodejs"), launcher(node, host));
  return await placeFile(path.join(places.bin, "pulumi"), binary);
}

/** Puts all programs of an official release there; they bring their own host. */
export async function placeOfficialCli(places: Places, folder: string): Promise<string> {
  await mkdir(places.bin, { recursive: true });
  for (const name of await readdir(folder)) await placeFile(path.join(places.bin, name), path.join(folder, name));
  return path.join(places.bin, "pulumi");
}

/**
 * Makes the command plugin of this checkout: the official one when the user has it, else the small stand-in.
 * A true folder with a launcher in it: the engine does not see a link in place of the folder.
 */
export async function placeCommandPlugin(places: Places, node: string): Promise<void> {
  const name = "pulumi-resource-command";
  const official = path.join(homedir(), ".pulumi", "plugins", path.basename(places.commandPlugin), name);
  const standIn = fileURLToPath(new URL("command/main.ts", import.meta.url));
  const isInstalled = await exists(official);
  await mkdir(places.commandPlugin, { recursive: true });
  const target = path.join(places.commandPlugin, name);
  await placeText(target, isInstalled ? launcher("/usr/bin/env", official) : launcher(node, standIn));
}

async function placeText(target: string, text: string): Promise<void> {
  if ((await readFile(target, "utf8").catch(() => undefined)) === text) return;
  await atomically(target, (aside) => writeFile(aside, text, { mode: 0o755 }));
}

/**
 * A copy, which shares its blocks where the filesystem can: with a hard link, who writes into a checkout writes into the
 * cache, and so into each other checkout. A symbolic link would not do, the real path decides where hosts are sought.
 */
async function placeFile(target: string, source: string): Promise<string> {
  const [from, to] = await Promise.all([stat(source), stat(target).catch(() => undefined)]);
  if (!to || !isCopyOf(from, to)) {
    await atomically(target, (aside) => copyFile(source, aside, constants.COPYFILE_FICLONE));
  }
  return target;
}

function isCopyOf(from: Stats, to: Stats): boolean {
  const isSameFile = from.ino === to.ino && from.dev === to.dev; // the hard link of an earlier version
  return !isSameFile && from.size === to.size && to.mtimeMs >= from.mtimeMs;
}

/** Two runs may place the same file at once, and one may be executing what is there. */
async function atomically(target: string, make: (aside: string) => Promise<unknown>): Promise<void> {
  const aside = `${target}.${process.pid}.new`;
  await rm(aside, { force: true });
  await make(aside);
  await rename(aside, target);
}

async function exists(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined)) !== undefined;
}
