import { copyFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { codeOf } from "@planet/errors";
import { credentialsFromEnvironment, machineAhead } from "@planet/eucalyptus-client";
import { LOCAL_STACK } from "@planet/toolchain";
import type { Context } from "../../command.ts";
import { parseBackend } from "../../stack/backend.ts";
import { hostNamesIn, parseConfig, type StackConfig } from "../../stack/config.ts";
import { readLocks } from "../../stack/locks.ts";
import { stackName } from "../../stack/outputs.ts";
import { quietEnvironment } from "../../stack/quietEnvironment.ts";
import { readPulumi } from "../../stack/runPulumi.ts";
import { needsPassphrase } from "../../stack/secretsProvider.ts";
import { projectOf } from "../../stack/stackLocks.ts";
import { parseState } from "../../stack/state.ts";
import { ask } from "./asked.ts";
import type { CloudFacts, EndpointFacts, PassphraseFacts, StateFacts, Subject, ToolFacts } from "./facts.ts";
import { PATIENCE_MS, readCloud } from "./readCloud.ts";
import { type HostFacts, readHost, readPlace } from "./readHost.ts";
import { readTools } from "./readTools.ts";

/** All that `planet doctor` judges. What could not be asked is absent. */
export interface DoctorFacts {
  readonly now: Date;
  readonly tools: ToolFacts;
  readonly subject: Subject;
  readonly state?: StateFacts;
  readonly endpoint?: EndpointFacts;
  readonly cloud?: CloudFacts;
  /** Absent without a host. */
  readonly host?: HostFacts;
}

/** Asks tools, state and cloud. Only reads, but for tools and the local stack, which are set up where they are missing. */
export async function readDoctor(wanted: string, context: Context): Promise<DoctorFacts> {
  const progress = (line: string) => context.err(`${line}\n`);
  progress("Looking at this machine's tools…");
  const tools = await readTools(context);
  progress("Reading the stack's state and settings…");
  const now = new Date();
  const unknown = { stack: wanted, isLocal: wanted === LOCAL_STACK };
  if ("error" in tools.cli) return { now, tools, subject: unknown };
  if (!(await isBackendReadable(wanted, context))) return { now, tools, subject: { ...unknown, unread: "backend" } };
  const stack = await nameOf(wanted, context);
  if (stack === undefined) return { now, tools, subject: { ...unknown, unread: "stack" } };

  const environment = await quietEnvironment(stack, context);
  const config = await ask(readCli(["config", "--json"], stack, context).then(parseConfig));
  const state = await readState(stack, environment, context);
  const subject: Subject = {
    stack,
    isLocal: stack === LOCAL_STACK,
    ...("value" in config ? { config: config.value } : { unread: "settings" }),
    ...("value" in state.state && { state: state.state.value }),
  };
  progress("Asking the cloud…");
  const names = hostNamesIn(subject.config ?? {});
  const [installation, host] = await Promise.all([
    readInstallation(subject.config ?? {}, environment),
    names.length === 0 ? undefined : readHostOf(subject, names),
  ]);
  return { now, tools, subject, state, ...installation, ...(host && { host }) };
}

async function readHostOf({ state, config }: Subject, names: readonly string[]): Promise<HostFacts> {
  return readHost(names, await readPlace(state?.outputs ?? {}, config?.endpoint ?? ""));
}

/** What answers at the endpoint, when there is one to be asked. */
async function readInstallation(
  config: StackConfig,
  environment: NodeJS.ProcessEnv,
): Promise<Pick<DoctorFacts, "endpoint" | "cloud">> {
  const url = (config.endpoint ?? "").replace(/\/+$/, "");
  if (!URL.canParse(url)) return {};
  const aheadMs = await ask(machineAhead(url, { timeoutMs: PATIENCE_MS }));
  const keys = await ask((async () => credentialsFromEnvironment(environment))());
  const hasSigner = (environment.PLANET_SIGNER_ACCESS_KEY_ID ?? "") !== "";
  const endpoint: EndpointFacts = { url, aheadMs, keys, hasSigner };
  if ("error" in aheadMs || "error" in keys) return { endpoint };
  return { endpoint, cloud: await readCloud(url, keys.value, config) };
}

async function readState(stack: string, environment: NodeJS.ProcessEnv, context: Context): Promise<StateFacts> {
  const backend = parseBackend(environment.PULUMI_BACKEND_URL ?? "", context.checkout);
  const place = { project: projectOf(context.checkout), stack };
  return {
    backend,
    state: await ask(readCli(["stack", "export"], stack, context).then(parseState)),
    locks: await ask(readLocks(backend, place, environment)),
    passphrase: await readPassphrase(stack, environment, context),
    isCompressed: [environment.PULUMI_DIY_BACKEND_GZIP, environment.PULUMI_DIY_BACKEND_ZSTD].includes("true"),
  };
}

/** True also where none is needed. */
async function hasPassphrase(stack: string, environment: NodeJS.ProcessEnv, checkout: string): Promise<boolean> {
  const { PULUMI_CONFIG_PASSPHRASE: phrase, PULUMI_CONFIG_PASSPHRASE_FILE: file } = environment;
  if (phrase !== undefined || file !== undefined) return true;
  const text = await readFile(join(checkout, `Pulumi.${stack}.yaml`), "utf8").catch(() => "");
  return !needsPassphrase(text);
}

async function readPassphrase(
  stack: string,
  environment: NodeJS.ProcessEnv,
  context: Context,
): Promise<PassphraseFacts> {
  if (!(await hasPassphrase(stack, environment, context.checkout))) return "missing";
  return (await opensStack(stack, context)) ? "opens" : "wrong";
}

/**
 * Whether a secret could be added to the stack's file. No command that only reads needs the passphrase before there is
 * a secret, so one is added, to a copy.
 */
async function opensStack(stack: string, context: Context): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), "planet-doctor-"));
  const copy = join(folder, `Pulumi.${stack}.yaml`);
  try {
    await copyFile(join(context.checkout, `Pulumi.${stack}.yaml`), copy);
    const args = ["config", "set", "--secret", "planet-doctor:probe", "probe"];
    const { code } = await readPulumi([...args, "--non-interactive", "--stack", stack, "--config-file", copy], context);
    return code === 0;
  } catch (error) {
    // Without a file there is nothing that a passphrase could fail to open.
    if (codeOf(error) === "ENOENT") return true;
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The command takes no `--stack`; without the name it would run with the keys of the selected stack. */
async function isBackendReadable(wanted: string, context: Context): Promise<boolean> {
  const environment = { ...context.environment, ...(wanted !== "" && { PULUMI_STACK: wanted }) };
  return (await readPulumi(["whoami", "--non-interactive"], { ...context, environment })).code === 0;
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
    if (codeOf(error) === "STACK_NOT_FOUND") return undefined;
    throw error;
  }
}
