import { messageOf } from "@planet/errors";
import { isLiving, type Instance as LiveInstance } from "@planet/eucalyptus-client";
import { COMPLETE_TAG, REPLACES_TAG } from "@planet/eucalyptus-client/marks";
import { InitializationError, type Inputs } from "@planet/pulumi-plugin";
import type { CloudContext } from "../cloudContext.ts";
import { ProviderError } from "../providerError.ts";
import { syncTags, textMap } from "../rules/tags.ts";
import { textIn } from "../values.ts";
import { waitUntil } from "../waitUntil.ts";
import { endReplacements } from "./begunReplacements.ts";
import { instanceState } from "./instanceState.ts";
import { launchOf } from "./launch.ts";

const START_SECONDS = 900;

export interface Finish {
  readonly urn: string;
  readonly live: LiveInstance;
  readonly olds: Inputs;
  readonly inputs: Inputs;
  /** 0: as long as an instance may take. */
  readonly seconds: number;
  /** What it replaces by force, which shows a later run whose replacement was begun. */
  readonly replacedId?: string | undefined;
}

/**
 * Ends what an interrupted run had started beside it, tags, waits until it runs, and tags it complete. From here on the instance has an id: whatever fails keeps it by an
 * initialization error, and the next run goes on here. Only an instance that the cloud itself ended is given up.
 */
export async function finishInstance(cloud: CloudContext, facts: Finish): Promise<Inputs> {
  const { urn, live, olds, inputs, seconds, replacedId } = facts;
  const { instanceId } = live;
  const own = replacedId === undefined ? {} : { [REPLACES_TAG]: replacedId };
  try {
    await endReplacements(cloud, { urn, id: instanceId, launch: launchOf(inputs, cloud.mode) });
    const news = { ...textMap(inputs.tags), ...own };
    await syncTags(cloud, instanceId, { live: live.tags, olds: olds.tags, news });
    const running = await waitUntilRunning(cloud, { urn, instanceId, inputs, seconds: seconds || START_SECONDS });
    // Last of all: a kill between this and the engine's write of the state leaves an instance that no run takes over.
    await cloud.ec2.createTags(instanceId, { [COMPLETE_TAG]: "true" });
    return instanceState(running, inputs, cloud.region);
  } catch (error) {
    if (error instanceof ProviderError && error.code === "INSTANCE_FAILED") throw error;
    // The engine knows it from now on: an untagged one would be taken over by a later create as an orphan.
    await cloud.ec2.createTags(instanceId, { ...own, [COMPLETE_TAG]: "true" }).catch(() => {});
    const state = instanceState(live, inputs, cloud.region);
    throw new InitializationError({ id: instanceId, state, reasons: [messageOf(error)] }, { cause: error });
  }
}

function waitUntilRunning(
  cloud: CloudContext,
  { urn, instanceId, inputs, seconds }: { urn: string; instanceId: string; inputs: Inputs; seconds: number },
): Promise<LiveInstance> {
  const next = "The instance is kept; run `pulumi up` again to wait on.";
  return waitUntil(cloud, { urn, what: `${instanceId} ran`, seconds, next }, async () => {
    const now = await cloud.ec2.findInstance(instanceId);
    if (now?.state === "running" && now.privateAddress !== "") return now;
    if (now && !isLiving(now)) throw failed(now, inputs);
    return `${instanceId} is ${now?.state ?? "not shown yet"}`;
  });
}

function failed({ instanceId, state, reason }: LiveInstance, inputs: Inputs): ProviderError {
  const privateIp = textIn(inputs, "privateIp");
  // Seen on 5.1.0: an instance with a private address that is in use starts, gets no interface and is terminated.
  const hint = privateIp === undefined ? "" : ` (perhaps its privateIp ${privateIp} is in use)`;
  return new ProviderError({
    code: "INSTANCE_FAILED",
    what: `${instanceId} did not start`,
    why: `the cloud says it is ${state}: ${reason === "" ? "no reason given" : reason}${hint}`,
    next: "Nothing of it is left: run `pulumi up` for a new one; if it fails twice, ask the cloud's operator.",
  });
}
