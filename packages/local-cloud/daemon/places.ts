import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { LocalCloudError } from "../localCloudError.ts";

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

function cloudsFolder(environment: NodeJS.ProcessEnv): string {
  return join(environment.XDG_STATE_HOME || join(homedir(), ".local", "state"), "planet", "clouds");
}

/** The clouds of this user of which there is anything, running or not. */
export function cloudNames(environment: NodeJS.ProcessEnv = process.env): string[] {
  const folder = cloudsFolder(environment);
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).toSorted();
}

/** @throws {LocalCloudError} `PATH_TOO_LONG` */
export function placesOf(name: string, environment: NodeJS.ProcessEnv = process.env): Places {
  const clouds = cloudsFolder(environment);
  const directory = join(clouds, name);
  const controlSocket = join(directory, "control.sock");
  if (Buffer.byteLength(controlSocket) > SOCKET_PATH_LIMIT_BYTES) {
    const problem = `the path ${controlSocket} is too long for a socket; set XDG_STATE_HOME to a shorter folder`;
    throw new LocalCloudError("PATH_TOO_LONG", problem);
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
    lockFile: join(clouds, `.${name}.lock`),
  };
}
