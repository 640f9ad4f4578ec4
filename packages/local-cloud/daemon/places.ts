import { chownSync, existsSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

/** Where one cloud keeps things. */
export interface Places {
  readonly directory: string;
  readonly settingsFile: string;
  readonly stateFile: string;
  readonly objectsDirectory: string;
  readonly machinesDirectory: string;
  readonly consoleDirectory: string;
  readonly logFile: string;
  readonly controlSocket: string;
  readonly processFile: string;
  readonly lockFile: string;
}

/** The path of a Unix socket must fit into 108 bytes with its end (unix(7)). */
const SOCKET_PATH_LIMIT_BYTES = 107;

export function placesOf(name: string, environment: NodeJS.ProcessEnv = process.env): Places {
  const state = environment.XDG_STATE_HOME || join(homedir(), ".local", "state");
  const directory = join(state, "planet", "clouds", name);
  const controlSocket = join(directory, "control.sock");
  if (Buffer.byteLength(controlSocket) > SOCKET_PATH_LIMIT_BYTES) {
    throw new RangeError(`the path ${controlSocket} is too long for a socket; set XDG_STATE_HOME to a shorter folder`);
  }
  return {
    directory,
    settingsFile: join(directory, "settings.json"),
    stateFile: join(directory, "state.json"),
    objectsDirectory: join(directory, "objects"),
    machinesDirectory: join(directory, "machines"),
    consoleDirectory: join(directory, "console"),
    logFile: join(directory, "cloud.log"),
    controlSocket,
    processFile: join(directory, "pid"),
    // Beside the folder: `reset` removes that.
    lockFile: join(state, "planet", "clouds", `.${name}.lock`),
  };
}

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
