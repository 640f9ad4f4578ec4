import { chownSync, existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";

/** Makes a folder and its missing parents; under sudo they belong to the person who called it, who can then remove them. */
export function makeDirectory(path: string, mode?: number): void {
  if (existsSync(path)) return;
  makeDirectory(dirname(path));
  mkdirSync(path, { mode: mode ?? 0o755 });
  giveToCaller(path);
}

/** Under sudo, the file's owner becomes the person who called it. */
export function giveToCaller(path: string, environment: NodeJS.ProcessEnv = process.env): void {
  const { SUDO_UID: user, SUDO_GID: group } = environment;
  if (process.getuid?.() === 0 && user && group) chownSync(path, Number(user), Number(group));
}
