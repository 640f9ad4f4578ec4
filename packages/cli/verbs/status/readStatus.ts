import { sha256Of } from "@planet/content";
import { type LiveBucket, publicReader, readLiveBucket } from "@planet/content/live";
import { messageOf } from "@planet/errors";
import { publicBucketUrl } from "@planet/eucalyptus-client";
import { LOCAL_STACK } from "@planet/toolchain";
import { type Context, OperatorError } from "../../command.ts";
import { createGit } from "../../git.ts";
import { pageUrl, readServed } from "../../page/readServed.ts";
import { readSiteFiles } from "../../siteFolder.ts";
import { listIn, parseConfig, type StackConfig } from "../../stack/config.ts";
import { RECENT } from "../../stack/history/readHistory.ts";
import { undoneHere } from "../../stack/history/undone.ts";
import { readUpdates } from "../../stack/history/updates.ts";
import { balancerAddress, doctorNext, stackName } from "../../stack/outputs.ts";
import { quietEnvironment } from "../../stack/quietEnvironment.ts";
import { readPulumi } from "../../stack/runPulumi.ts";
import { locksOfStack } from "../../stack/stackLocks.ts";
import { parseState } from "../../stack/state.ts";
import type { Unreadable } from "../../text/unreadable.ts";
import { askServers, groupSize } from "./askServers.ts";
import type { StatusFacts } from "./facts.ts";

/** Gathers what there is to judge. Changes nothing and needs no access keys, unless the state is in a bucket. */
export async function readStatus(wanted: string, context: Context): Promise<StatusFacts> {
  const stack = await stackName(wanted, { read: readPulumi }, context);
  const read = async (...args: string[]) => needed(await readPulumi([...args, "--stack", stack], context), stack);
  const [exported, config, history] = await Promise.all([
    read("stack", "export").then(parseState),
    read("config", "--json").then(parseConfig),
    read("stack", "history", "--json", "--page-size", String(RECENT)).then(readUpdates),
  ]);
  const site = new Map(readSiteFiles(context.checkout).map(({ name, bytes }) => [name, sha256Of(bytes)]));
  const { dnsName, address: elastic } = exported.outputs;
  const address =
    dnsName === undefined || config.endpoint === undefined ? elastic : await balancerAddress(dnsName, config.endpoint);
  const size = groupSize(exported);
  const lastUpdate = history.at(-1);
  const [isLocalCloudStopped, locks, served, servers, bucket, head, undone] = await Promise.all([
    isStopped(stack, context),
    locksOfStack(stack, context),
    address === undefined ? undefined : readServed(pageUrl({ address })),
    address === undefined || size === undefined ? undefined : askServers(address, size),
    bucketOf(config, [...site.keys()]),
    headOf(lastUpdate?.commit, context),
    undoneHere(stack, history, createGit(context.checkout)),
  ]);
  return {
    stack,
    now: new Date(),
    state: exported,
    locks,
    isLocalCloudStopped,
    rollout: config.rollout ?? "live",
    leave: listIn(config, "leave"),
    bucket,
    site,
    ...(lastUpdate && { lastUpdate }),
    ...(undone && { undone }),
    ...(head && { head }),
    ...(served && { served }),
    ...(servers && { servers }),
  };
}

function needed({ code, stdout }: { code: number; stdout: string }, stack: string): string {
  if (code === 0) return stdout;
  throw new OperatorError({
    code: "STACK_UNREADABLE",
    what: `The state of stack "${stack}" cannot be read; the reason is above.`,
    next: doctorNext(stack),
  });
}

/** The keys of the local stack are the running cloud's. */
async function isStopped(stack: string, context: Context): Promise<boolean> {
  if (stack !== LOCAL_STACK) return false;
  return (await quietEnvironment(stack, context)).AWS_ACCESS_KEY_ID === undefined;
}

async function bucketOf({ endpoint, bucket }: StackConfig, names: readonly string[]): Promise<LiveBucket | Unreadable> {
  if (!endpoint || !bucket) return { unreadable: "planet:endpoint or planet:bucket is not set" };
  try {
    return await readLiveBucket(publicReader(publicBucketUrl(endpoint.replace(/\/$/, ""), bucket)), names);
  } catch (error) {
    return { unreadable: messageOf(error) };
  }
}

async function headOf(deployed: string | undefined, { checkout }: Context): Promise<StatusFacts["head"]> {
  const git = createGit(checkout);
  const commit = await git.head();
  if (commit === undefined) return undefined;
  const since = deployed === undefined ? undefined : (await git.since(deployed))?.commits;
  return { commit, ...(since !== undefined && { since }) };
}
