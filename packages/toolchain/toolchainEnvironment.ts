import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { type LocalCloudKeys, localCloudAt, localCloudKeys } from "./localCloud.ts";
import { placesOf } from "./places.ts";
import { readEndpoint } from "./projectFile.ts";
import { chosenBackend } from "./state/chosenBackend.ts";

/** The stack whose file is committed with an encryption salt, and which belongs to the local cloud of the same name. */
export const LOCAL_STACK = "local";

/** Deliberately protects nothing: the local stack has no secrets worth protecting, and `npm start` asks nothing. */
const LOCAL_PASSPHRASE = "planet";

export interface EnvironmentRequest {
  readonly checkout: string;
  /** Name of the stack that the command is about, when it is known. */
  readonly stack: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  /** Called once, when we choose for the user; by default writes to stderr. */
  readonly onNotice?: (line: string) => void;
}

/**
 * The environment for `pulumi` in this checkout. What the user has set wins, except for the keys of the local stack. A stack
 * whose endpoint is a local cloud of another name gets that cloud's keys, unless the shell has some.
 */
export async function toolchainEnvironment(request: EnvironmentRequest): Promise<NodeJS.ProcessEnv> {
  const { checkout, stack, env } = request;
  const places = placesOf(checkout);
  const home = env.PULUMI_HOME || places.pulumiHome;
  const result: NodeJS.ProcessEnv = {
    ...env,
    PATH: searchPath(pathAdditions(checkout), env.PATH),
    PULUMI_HOME: home,
    PULUMI_SKIP_UPDATE_CHECK: env.PULUMI_SKIP_UPDATE_CHECK ?? "true",
    PULUMI_BACKEND_URL: chosenBackend(checkout, home, env)?.url ?? (await defaultBackend(places.state, request)),
    NODE_COMPILE_CACHE: env.NODE_COMPILE_CACHE || places.compileCache,
    ...withoutProxy(env),
  };
  // In a home that the user has chosen, the user manages the plugins, downloads included.
  if (!env.PULUMI_HOME) result.PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION ??= "true";
  if (needsCompression(result)) result.PULUMI_DIY_BACKEND_GZIP ??= "true";
  if (stack === LOCAL_STACK) return await forLocalStack(result);
  const hasKeys = Boolean(env.AWS_ACCESS_KEY_ID || env.AWS_SECRET_ACCESS_KEY || env.AWS_PROFILE);
  const endpoint =
    stack === undefined || hasKeys ? undefined : readEndpoint(path.join(checkout, `Pulumi.${stack}.yaml`));
  return endpoint === undefined ? result : withKeys(result, (await localCloudAt(endpoint, result))?.keys);
}

/** Whatever stands for a key; the last two sign the server's permits. */
const KEYS = [
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "AWS_PROFILE",
  "PLANET_SIGNER_ACCESS_KEY_ID",
  "PLANET_SIGNER_SECRET_ACCESS_KEY",
];

async function forLocalStack(environment: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
  const result = { ...environment };
  const hasPassphrase =
    result.PULUMI_CONFIG_PASSPHRASE !== undefined || result.PULUMI_CONFIG_PASSPHRASE_FILE !== undefined;
  if (!hasPassphrase) result.PULUMI_CONFIG_PASSPHRASE = LOCAL_PASSPHRASE;

  // Whatever keys the shell has are for another cloud; they are not even tried on this one.
  for (const name of KEYS) delete result[name];
  return withKeys(result, await localCloudKeys(LOCAL_STACK, result));
}

function withKeys(environment: NodeJS.ProcessEnv, keys: LocalCloudKeys | undefined): NodeJS.ProcessEnv {
  if (!keys) return environment;
  return { ...environment, AWS_ACCESS_KEY_ID: keys.accessKeyId, AWS_SECRET_ACCESS_KEY: keys.secretAccessKey };
}

async function defaultBackend(state: string, request: EnvironmentRequest): Promise<string> {
  if (!existsSync(state)) {
    await mkdir(state, { recursive: true });
    const say = request.onNotice ?? ((line: string) => void process.stderr.write(`${line}\n`));
    say(`Stack state is kept in ${state}; set PULUMI_BACKEND_URL to keep it elsewhere.`);
  }
  return pathToFileURL(state).href;
}

/**
 * Eucalyptus takes at most 300 KiB in the PUTs of the CLI's S3 client; docs/state.md has the numbers. With both
 * compressions chosen the CLI refuses to start (pulumi 3.259.0, pkg/backend/diy/backend.go).
 */
function needsCompression({ PULUMI_BACKEND_URL, PULUMI_DIY_BACKEND_ZSTD }: NodeJS.ProcessEnv): boolean {
  return PULUMI_BACKEND_URL?.startsWith("s3:") === true && !PULUMI_DIY_BACKEND_ZSTD;
}

/** Folders that come first on PATH: the project's Node, and its CLI with the language host. */
export function pathAdditions(checkout: string): readonly string[] {
  return [path.dirname(process.execPath), placesOf(checkout).bin];
}

/** First, and once each: `planet env` may have put them there already. */
function searchPath(first: readonly string[], current: string | undefined): string {
  const others = (current ?? "").split(path.delimiter).filter((folder) => folder !== "" && !first.includes(folder));
  return [...first, ...others].join(path.delimiter);
}

/** grpc-js in the program would send even 127.0.0.1 to a proxy. */
function withoutProxy(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const proxies = ["http_proxy", "https_proxy", "grpc_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];
  if (!proxies.some((name) => env[name])) return {};
  const hosts = (env.no_proxy ?? env.NO_PROXY ?? "").split(",").map((host) => host.trim());
  const all = [...new Set([...hosts.filter(Boolean), "127.0.0.1", "localhost"])].join(",");
  return { no_proxy: all, NO_PROXY: all };
}
