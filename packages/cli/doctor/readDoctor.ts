import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { credentialsFromEnvironment } from "@planet/eucalyptus-client";
import { LOCAL_STACK, toolchainEnvironment } from "@planet/toolchain";
import { type Context, OperatorError } from "../command.ts";
import { stackName } from "../operation/deployment.ts";
import { readPulumi } from "../runPulumi.ts";
import { parseBackend } from "../status/backend.ts";
import { readLocks } from "../status/locks.ts";
import { parseConfig, type StackConfig } from "../status/stackConfig.ts";
import { projectOf } from "../status/stackLocks.ts";
import { parseState } from "../status/stackState.ts";
import { ask } from "./asked.ts";
import type { CloudFacts, EndpointFacts, StateFacts, Subject, ToolFacts } from "./facts.ts";
import { readAhead, readCloud } from "./readCloud.ts";
import { readTools } from "./readTools.ts";

/** All that `planet doctor` judges. What could not be asked is absent. */
export interface DoctorFacts {
  readonly now: Date;
  readonly tools: ToolFacts;
  readonly subject: Subject;
  readonly state?: StateFacts;
  readonly endpoint?: EndpointFacts;
  readonly cloud?: CloudFacts;
}

/** Asks tools, state and cloud. Only reads, but for tools and the local stack, which are set up where they are missing. */
export async function readDoctor(wanted: string, context: Context): Promise<DoctorFacts> {
  const tools = await readTools(context);
  const now = new Date();
  const stack = "value" in tools.cli ? await nameOf(wanted, context) : undefined;
  if (stack === undefined) return { now, tools, subject: { stack: wanted, isLocal: wanted === LOCAL_STACK } };

  const { checkout, environment: env } = context;
  const environment = await toolchainEnvironment({ checkout, stack, env, onNotice: () => {} });
  const config = await ask(readCli(["config", "--json"], stack, context).then(parseConfig));
  const state = await readState(stack, environment, context);
  const subject: Subject = {
    stack,
    isLocal: stack === LOCAL_STACK,
    ...("value" in config && { config: config.value }),
    ...("value" in state.state && { state: state.state.value }),
  };
  return { now, tools, subject, state, ...(await readSite(subject.config ?? {}, environment)) };
}

/** What answers at the endpoint, when there is one to be asked. */
async function readSite(
  config: StackConfig,
  environment: NodeJS.ProcessEnv,
): Promise<Pick<DoctorFacts, "endpoint" | "cloud">> {
  const url = (config.endpoint ?? "").replace(/\/+$/, "");
  if (!URL.canParse(url)) return {};
  const aheadMs = await ask(readAhead(url));
  const keys = await ask((async () => credentialsFromEnvironment(environment))());
  const endpoint: EndpointFacts = { url, aheadMs, keys };
  if ("error" in aheadMs || "error" in keys) return { endpoint };
  return { endpoint, cloud: await readCloud(url, keys.value, config) };
}

async function readState(stack: string, environment: NodeJS.ProcessEnv, context: Context): Promise<StateFacts> {
  const backend = parseBackend(environment.PULUMI_BACKEND_URL ?? "");
  const place = { project: projectOf(context.checkout), stack };
  return {
    backend,
    state: await ask(readCli(["stack", "export"], stack, context).then(parseState)),
    locks: await ask(readLocks(backend, place, environment)),
    hasPassphrase: await hasPassphrase(stack, environment, context.checkout),
    isCompressed: [environment.PULUMI_DIY_BACKEND_GZIP, environment.PULUMI_DIY_BACKEND_ZSTD].includes("true"),
  };
}

/** Another secrets provider needs none; it stands in the stack's file. */
async function hasPassphrase(stack: string, environment: NodeJS.ProcessEnv, checkout: string): Promise<boolean> {
  const { PULUMI_CONFIG_PASSPHRASE: phrase, PULUMI_CONFIG_PASSPHRASE_FILE: file } = environment;
  if (phrase !== undefined || file !== undefined) return true;
  const text = await readFile(join(checkout, `Pulumi.${stack}.yaml`), "utf8").catch(() => "");
  return /^secretsprovider:\s*(?!passphrase)\S/m.test(text);
}

async function readCli(args: readonly string[], stack: string, context: Context): Promise<string> {
  const { code, stdout } = await readPulumi([...args, "--non-interactive", "--stack", stack], context);
  if (code !== 0) throw new Error("cannot be read; the reason is above");
  return stdout;
}

async function nameOf(wanted: string, context: Context): Promise<string | undefined> {
  try {
    return await stackName(wanted, { read: readPulumi }, context);
  } catch (error) {
    if (error instanceof OperatorError) return undefined;
    throw error;
  }
}
