import { chmod, lchown, lstat, opendir } from "node:fs/promises";
import { join } from "node:path";

/**
 * The users of all machines, as the host sees them: root in a machine is this one, which owns nothing of the host. It is the last
 * range that systemd gives to containers (https://systemd.io/UIDS-GIDS), far from those that /etc/subuid counts up.
 */
export const FIRST_USER = 0x6fff_0000;
export const USER_COUNT = 0x1_0000;

/**
 * Gives a tree of the users from `from` on to those from `to` on; what is of others stays. A change of owner takes away the bits
 * that make a program run as its owner, so these are set again.
 */
export async function shiftOwners(path: string, from: number, to: number): Promise<void> {
  const { uid, gid, mode } = await lstat(path);
  const shifted = (id: number): number => (id >= from && id < from + USER_COUNT ? id - from + to : id);
  if (shifted(uid) !== uid || shifted(gid) !== gid) {
    await lchown(path, shifted(uid), shifted(gid));
    if (isSpecial(mode)) await chmod(path, mode & 0o7777);
  }
  if ((mode & TYPE) !== DIRECTORY) return;
  for await (const entry of await opendir(path)) await shiftOwners(join(path, entry.name), from, to);
}

/** Bits of `st_mode` (inode(7)). */
const TYPE = 0o17_0000;
const DIRECTORY = 0o4_0000;
const LINK = 0o12_0000;

const isSpecial = (mode: number): boolean => (mode & TYPE) !== LINK && (mode & 0o6000) !== 0;
