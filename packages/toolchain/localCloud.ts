import { request } from "node:http";
import { homedir } from "node:os";
import path from "node:path";

export interface LocalCloudKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

const ANSWER_LIMIT_MS = 2_000;

/** Control socket of the local cloud with this name. */
export function controlSocket(name: string, environment: NodeJS.ProcessEnv): string {
  const state = environment.XDG_STATE_HOME || path.join(homedir(), ".local", "state");
  return path.join(state, "planet", "clouds", name, "control.sock");
}

/** Asks the running local cloud for its keys; undefined when it does not run. */
export function localCloudKeys(name: string, environment: NodeJS.ProcessEnv): Promise<LocalCloudKeys | undefined> {
  return new Promise((resolve) => {
    const asking = request(
      { socketPath: controlSocket(name, environment), path: "/status", timeout: ANSWER_LIMIT_MS },
      (answer) => {
        let text = "";
        answer.setEncoding("utf8").on("data", (part: string) => {
          text += part;
        });
        answer.on("end", () => resolve(answer.statusCode === 200 ? readKeys(text) : undefined));
        answer.on("error", () => resolve(undefined));
      },
    );
    asking.on("timeout", () => asking.destroy());
    asking.on("error", () => resolve(undefined)); // no socket, or one that nobody listens on
    asking.end();
  });
}

function readKeys(text: string): LocalCloudKeys | undefined {
  const status = JSON.parse(text) as Partial<LocalCloudKeys>;
  const { accessKeyId, secretAccessKey } = status;
  return accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : undefined;
}
