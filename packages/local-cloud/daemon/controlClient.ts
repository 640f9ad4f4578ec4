import { existsSync } from "node:fs";
import { request } from "node:http";
import { connect } from "node:net";
import { LocalCloudError } from "../localCloudError.ts";

/** Whether a daemon listens; a killed one leaves a socket file that nobody listens on. */
export function isListening(socketPath: string): Promise<boolean> {
  if (!existsSync(socketPath)) return Promise.resolve(false);
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

/** One call to the daemon. @throws {LocalCloudError} with the daemon's words when it refuses. */
export function ask(socketPath: string, method: "GET" | "POST", path: string, body?: unknown): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const asking = request({ socketPath, method, path, headers: { "Content-Type": "application/json" } }, (answer) => {
      const parts: Buffer[] = [];
      answer.on("data", (part: Buffer) => parts.push(part));
      answer.on("error", reject);
      answer.on("end", () => {
        const bytes = Buffer.concat(parts);
        if (answer.statusCode === 200) resolve(bytes);
        else
          reject(
            new LocalCloudError("REFUSED", `the cloud's daemon refused ${method} ${path}: ${bytes.toString().trim()}`),
          );
      });
    });
    asking.on("error", (cause) => {
      reject(
        new LocalCloudError(
          "NOT_RUNNING",
          `no daemon answers at ${socketPath}: the cloud does not run. Start it first.`,
          {
            cause,
          },
        ),
      );
    });
    asking.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
