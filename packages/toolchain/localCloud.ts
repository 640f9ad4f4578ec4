import { readdirSync } from "node:fs";
import { request } from "node:http";
import { homedir } from "node:os";
import path from "node:path";

export interface LocalCloudKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

const ANSWER_LIMIT_MS = 2_000;

function cloudsFolder(environment: NodeJS.ProcessEnv): string {
  const state = environment.XDG_STATE_HOME || path.join(homedir(), ".local", "state");
  return path.join(state, "planet", "clouds");
}

/** Control socket of the local cloud with this name. */
export const controlSocket = (name: string, environment: NodeJS.ProcessEnv): string =>
  path.join(cloudsFolder(environment), name, "control.sock");

/** Asks the running local cloud for its keys; undefined when it does not run. */
export async function localCloudKeys(
  name: string,
  environment: NodeJS.ProcessEnv,
): Promise<LocalCloudKeys | undefined> {
  return (await askCloud(name, environment))?.keys;
}

/** Whichever local cloud of this user answers at an endpoint; undefined when none does. */
export async function localCloudAt(
  endpoint: string,
  environment: NodeJS.ProcessEnv,
): Promise<{ readonly name: string; readonly keys: LocalCloudKeys } | undefined> {
  const clouds = await Promise.all(
    cloudNames(environment).map(async (name) => ({ name, ...(await askCloud(name, environment)) })),
  );
  const found = clouds.find((cloud) => cloud.endpoint === endpoint.replace(/\/$/, ""));
  return found?.keys && { name: found.name, keys: found.keys };
}

function cloudNames(environment: NodeJS.ProcessEnv): string[] {
  try {
    return readdirSync(cloudsFolder(environment)).filter((name) => !name.startsWith("."));
  } catch {
    return []; // none was ever started
  }
}

interface RunningCloud {
  readonly endpoint: string | undefined;
  readonly keys: LocalCloudKeys;
}

function askCloud(name: string, environment: NodeJS.ProcessEnv): Promise<RunningCloud | undefined> {
  return new Promise((resolve) => {
    const asking = request(
      { socketPath: controlSocket(name, environment), path: "/status", timeout: ANSWER_LIMIT_MS },
      (answer) => {
        let text = "";
        answer.setEncoding("utf8").on("data", (part: string) => {
          text += part;
        });
        answer.on("end", () => resolve(answer.statusCode === 200 ? readCloud(text) : undefined));
        answer.on("error", () => resolve(undefined));
      },
    );
    asking.on("timeout", () => asking.destroy());
    asking.on("error", () => resolve(undefined)); // no socket, or one that nobody listens on
    asking.end();
  });
}

function readCloud(text: string): RunningCloud | undefined {
  const { accessKeyId, secretAccessKey, endpoint } = JSON.parse(text) as Partial<LocalCloudKeys & { endpoint: string }>;
  return accessKeyId && secretAccessKey ? { endpoint, keys: { accessKeyId, secretAccessKey } } : undefined;
}
