import { statSync } from "node:fs";
import { type IncomingMessage, request } from "node:http";
import { connect } from "node:net";
import { buffer } from "node:stream/consumers";
import { LocalCloudError } from "../localCloudError.ts";

/**
 * Whether a daemon listens; a killed one leaves a socket file that nobody listens on.
 * @throws {LocalCloudError} `OTHER_USER`
 */
export async function isListening(socketPath: string): Promise<boolean> {
  if (!isThere(socketPath)) return false;
  return await new Promise((resolve, reject) => {
    const socket = connect(socketPath);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", (error) => {
      if ("code" in error && error.code === "EACCES") reject(otherUser(socketPath, error));
      else resolve(false);
    });
  });
}

function isThere(socketPath: string): boolean {
  try {
    return statSync(socketPath).isSocket();
  } catch (error) {
    if (Error.isError(error) && "code" in error && error.code === "EACCES") throw otherUser(socketPath, error);
    return false;
  }
}

/** One call to the daemon. @throws {LocalCloudError} with the daemon's words when it refuses. */
export async function ask(socketPath: string, method: "GET" | "POST", path: string, body?: unknown): Promise<Buffer> {
  return await buffer(await open(socketPath, method, path, body));
}

/**
 * An answer as it comes, which may have no end.
 * @throws {LocalCloudError} as {@link ask}, and `STOPPED` when the daemon ends meanwhile
 */
export async function* follow(socketPath: string, path: string): AsyncGenerator<string> {
  const answer = await open(socketPath, "GET", path);
  try {
    yield* answer.setEncoding("utf8") as AsyncIterable<string>;
  } catch (cause) {
    throw new LocalCloudError("STOPPED", "the cloud has stopped, so nothing more comes", { cause });
  }
}

function open(socketPath: string, method: string, path: string, body?: unknown): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const asking = request({ socketPath, method, path, headers: { "Content-Type": "application/json" } }, (answer) => {
      if (answer.statusCode === 200) {
        resolve(answer);
        return;
      }
      buffer(answer).then((bytes) => {
        const why = bytes.toString().trim();
        reject(new LocalCloudError("REFUSED", `the cloud's daemon refused ${method} ${path}: ${why}`));
      }, reject);
    });
    asking.on("error", (cause) => {
      if ("code" in cause && cause.code === "EACCES") reject(otherUser(socketPath, cause));
      const why = `no daemon answers at ${socketPath}: the cloud does not run. Start it first.`;
      reject(new LocalCloudError("NOT_RUNNING", why, { cause }));
    });
    asking.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

function otherUser(socketPath: string, cause: Error): LocalCloudError {
  return new LocalCloudError(
    "OTHER_USER",
    `this cloud belongs to another user: you may not open its control socket ${socketPath}.\n` +
      "Work as that user, or without XDG_STATE_HOME start a cloud of your own by another name: `npx planet cloud start <name>`.",
    { cause },
  );
}
