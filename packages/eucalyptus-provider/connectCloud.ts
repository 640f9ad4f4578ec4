import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { setTimeout as sleepFor } from "node:timers/promises";
import {
  type CloudError,
  type Connection,
  createClock,
  createEc2,
  createS3,
  createSts,
  credentialsFromEnvironment,
  isCloudError,
  type Platform,
} from "@planet/eucalyptus-client";
import type { Logger } from "@planet/pulumi-plugin";
import type { CloudContext } from "./cloudContext.ts";
import type { Configuration } from "./configuration.ts";
import { ExplainedError } from "./errors.ts";
import { RunLedger } from "./runLedger.ts";

/** Configure runs in previews too; nobody should wait long for a cloud that is not there. */
const GREETING_TIMEOUT_MS = 5_000;

/**
 * Connects and asks one cheap question, so that a wrong address, wrong keys or a wrong clock are told as such, once,
 * and before anything is changed.
 * @throws {ExplainedError}
 */
export async function connectCloud(
  configuration: Configuration,
  context: { readonly log: Logger; readonly cancelled: AbortSignal; readonly environment: NodeJS.ProcessEnv },
): Promise<CloudContext> {
  const { region, ec2Url, s3Url, stsUrl } = configuration;
  const { log, cancelled, environment } = context;
  // No `cancelled` here: a call under way is waited for, else the id in its answer would be lost.
  const connection: Connection = {
    region,
    clock: createClock(),
    credentials: credentialsFromEnvironment(environment),
  };
  const { mode } = await greet(ec2Url, connection);
  const { offsetMs } = connection.clock;
  if (offsetMs !== 0) {
    const seconds = Math.round(Math.abs(offsetMs) / 1000);
    log.warning(
      "",
      `this machine's clock is ${seconds} s ${offsetMs > 0 ? "behind" : "ahead of"} the cloud's; calls are dated by the cloud's`,
    );
  }

  const sts = createSts(stsUrl, connection);
  let accountId: Promise<string> | undefined;
  return {
    ec2: createEc2(ec2Url, connection),
    s3: createS3(s3Url, connection),
    sts,
    mode,
    region,
    s3Url,
    accountId() {
      accountId ??= sts.getCallerIdentity().then(
        (identity) => identity.accountId,
        (error: unknown) => {
          accountId = undefined; // asked again by the next who needs it
          throw error;
        },
      );
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

async function greet(ec2Url: string, connection: Connection): Promise<Platform> {
  try {
    return await createEc2(ec2Url, { ...connection, timeoutMs: GREETING_TIMEOUT_MS, repeats: 0 }).describePlatform();
  } catch (error) {
    if (isCloudError(error)) throw explainGreeting(ec2Url, error);
    throw error;
  }
}

export function explainGreeting(ec2Url: string, error: CloudError): ExplainedError {
  const options = { cause: error };
  const what = `the cloud at ${ec2Url} cannot be used`;
  if (error.status === 0) {
    const next =
      "Is the cloud running, is the endpoint right, is a tunnel or VPN needed? The local cloud starts with `npm start`.";
    return new ExplainedError({ code: "CLOUD_UNREACHABLE", what, why: error.detail, next }, options);
  }
  if (error.status === 403) {
    const next =
      "Compare AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY with your account's; for the local cloud run through `npx pulumi`, or see `npx planet env`.";
    const why = `it refuses the keys (${error.code}: ${error.detail})`;
    return new ExplainedError({ code: "KEYS_REFUSED", what, why, next }, options);
  }
  const why = error.message;
  const next = "Check the path of the endpoint: Eucalyptus has EC2 at /services/compute/.";
  return new ExplainedError({ code: "CLOUD_UNUSABLE", what, why, next }, options);
}
