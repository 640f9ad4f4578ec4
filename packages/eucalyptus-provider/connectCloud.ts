import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { setTimeout as sleepFor } from "node:timers/promises";
import {
  type CloudError,
  type Connection,
  createAutoScaling,
  createClock,
  createEc2,
  createElb,
  createS3,
  createSts,
  credentialsFromEnvironment,
  type Ec2,
  FOREIGN_ANSWER,
  isCloudError,
  type SeenCall,
  type Sts,
} from "@planet/eucalyptus-client";
import type { Logger } from "@planet/pulumi-plugin";
import type { CloudContext } from "./cloudContext.ts";
import type { Configuration } from "./configuration.ts";
import { ProviderError } from "./providerError.ts";
import { RunLedger } from "./runLedger.ts";

/** Configure runs in previews too; nobody should wait long for a cloud that is not there. */
const GREETING = { timeoutMs: 5_000, patienceMs: 15_000 };

/**
 * Connects and asks one cheap question of EC2 and of the object storage, at the same time, so that a wrong address,
 * wrong keys or a wrong clock are reported as such, once, and before anything is changed.
 * @throws {ProviderError}
 */
export async function connectCloud(
  configuration: Configuration,
  context: { readonly log: Logger; readonly cancelled: AbortSignal; readonly environment: NodeJS.ProcessEnv },
  pace?: Connection["pace"],
): Promise<CloudContext> {
  const { region, autoScalingUrl, ec2Url, elbUrl, s3Url, stsUrl } = configuration;
  const { log, cancelled, environment } = context;
  const connection: Connection = {
    region,
    clock: createClock(),
    credentials: credentialsFromEnvironment(environment),
    cancelled,
    pace,
    onWait: (text) => log.info("", text),
    onCall: (seen) => log.debug("", describeCall(seen)),
  };
  const [{ mode }] = await greet(configuration, { ...connection, ...GREETING });
  const { offsetMs } = connection.clock;
  if (offsetMs !== 0) {
    const seconds = Math.round(Math.abs(offsetMs) / 1000);
    log.warning(
      "",
      `this machine's clock is ${seconds} s ${offsetMs > 0 ? "behind" : "ahead of"} the cloud's; calls are dated by the cloud's`,
    );
  }

  const ec2 = createEc2(ec2Url, connection);
  const sts = createSts(stsUrl, connection);
  let accountId: Promise<string> | undefined;
  return {
    autoScaling: createAutoScaling(autoScalingUrl, connection),
    ec2,
    elb: createElb(elbUrl, connection),
    s3: createS3(s3Url, connection),
    sts,
    mode,
    region,
    s3Url,
    accountId() {
      accountId ??= findAccountId(ec2, sts).catch((error: unknown) => {
        accountId = undefined; // asked again by the next who needs it
        throw error;
      });
      return accountId;
    },
    run: new RunLedger(),
    log,
    cancelled,
    // Ends early when cancelled: the loop that sleeps looks at the signal itself.
    sleep: (ms) => sleepFor(ms, undefined, { signal: cancelled }).catch(() => {}),
    newDigits: () => randomBytes(4).toString("hex"),
    readFile: (path) => readFile(resolve(path)), // the plugin runs in the program's folder
  };
}

/** One line for `pulumi --debug`. */
function describeCall({ action, status, code, requestId, ms, attempt }: SeenCall): string {
  const answer = [...(status === 0 ? [] : [`HTTP ${status}`]), ...(code === "" ? [] : [code])].join(" ");
  return `${action}: ${answer} in ${ms} ms, request ${requestId || "-"}, try ${attempt}`;
}

/**
 * STS refuses the keys of GetSessionToken ("Temporary credentials forbidden"), which are good everywhere else. The owner
 * of the account's group `default`, which every account has, is the account, too. Only ARNs need it: without both, ""
 * is what they get.
 */
export async function findAccountId(
  ec2: Pick<Ec2, "describeSecurityGroups">,
  sts: Pick<Sts, "getCallerIdentity">,
): Promise<string> {
  try {
    return (await sts.getCallerIdentity()).accountId;
  } catch (error) {
    if (!isRefused(error)) throw error;
  }
  try {
    const [group] = await ec2.describeSecurityGroups({ "group-name": ["default"] });
    return group?.ownerId ?? "";
  } catch (error) {
    if (!isRefused(error)) throw error;
    return "";
  }
}

const isRefused = (error: unknown) => isCloudError(error) && error.status === 403 && error.code !== FOREIGN_ANSWER;

async function greet({ ec2Url, s3Url }: Configuration, connection: Connection) {
  return Promise.all([
    createEc2(ec2Url, connection).describePlatform().catch(explained(ec2Url)),
    createS3(s3Url, connection).greet().catch(explained(s3Url)),
  ]);
}

function explained(url: string): (error: unknown) => never {
  return (error) => {
    throw isCloudError(error) ? explainGreeting(url, error) : error;
  };
}

export function explainGreeting(url: string, error: CloudError): ProviderError {
  const options = { cause: error };
  const what = `the cloud at ${url} cannot be used`;
  const { code, status, action, detail, next } = error;
  if (status === 0) return new ProviderError({ code: "CLOUD_UNREACHABLE", what, why: detail, next }, options);
  if (code === "UnauthorizedOperation") {
    const why = `the keys are good, and their user has no policy that allows ec2:${action}`;
    const give = "docs/eucalyptus.md has the policy that the stack needs; an administrator of the account attaches it.";
    return new ProviderError({ code: "POLICY_MISSING", what, why, next: give }, options);
  }
  if (isRefused(error)) {
    const compare =
      "Compare AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY with your account's; temporary keys need their AWS_SESSION_TOKEN, and end.";
    const why = `it refuses the keys (${code}: ${detail})`;
    return new ProviderError({ code: "KEYS_REFUSED", what, why, next: compare }, options);
  }
  return new ProviderError({ code: "CLOUD_UNUSABLE", what, why: `${action}: ${detail} (${code})`, next }, options);
}
