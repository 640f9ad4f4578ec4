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

/** @throws {LocalCloudError} `PATH_TOO_LONG` */
export function placesOf(name: string, environment: NodeJS.ProcessEnv = process.env): Places {
  const state = environment.XDG_STATE_HOME || join(homedir(), ".local", "state");
  const directory = join(state, "planet", "clouds", name);
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
    lockFile: join(state, "planet", "clouds", `.${name}.lock`),
  };
}
