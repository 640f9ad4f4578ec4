import { isStale, type ServedStatus } from "@planet/content";
import type { CloudLook } from "../../deploy/lookAtCloud.ts";
import type { Served } from "../../page/readServed.ts";
import type { Deployment } from "../../stack/outputs.ts";

/** What one look showed, from outside and from the cloud. */
export interface Looks {
  readonly deployed: Deployment;
  readonly cloud: CloudLook;
  readonly page: Served;
}

/**
 * `well`: readers get the page. `gone`: there is no such server, or the address has left it: a refresh and `up` fix
 * that. `broken`: the server exists and does not serve; only another one helps.
 */
export interface Judgement {
  readonly verdict: "well" | "gone" | "broken";
  /** Whether readers get a planet, of whatever release. */
  readonly isServed: boolean;
  /** What was seen: address, server, page. */
  readonly lines: readonly string[];
}

/** What the looks mean. Pure. */
export function judge(looks: Looks): Judgement {
  const { deployed, cloud, page } = looks;
  const server = serverLine(looks);
  const address = addressLine(looks);
  const lines = [address.text, server.text, pageLine(deployed, page)];
  const isServed = page.kind === "planet" && !isStale(page.status, page.at);
  if (server.isGone || address.isAstray) return { verdict: "gone", isServed, lines };
  const serves = isServed && page.status.release === deployed.release && cloud.instance.state === "running";
  return { verdict: serves ? "well" : "broken", isServed, lines };
}

function serverLine({ deployed: { instanceId, servers }, cloud: { instance } }: Looks) {
  if (servers !== undefined) {
    const isGone = instance.state === "missing";
    const text = isGone
      ? "the group of this release is gone"
      : `${servers} in a group, which replaces dead ones by itself`;
    return { isGone, text: `servers  ${text}` };
  }
  const why = instance.reason === "" ? "" : ` (${instance.reason})`;
  switch (instance.state) {
    case "missing":
      return { isGone: true, text: `server   ${instanceId} is gone: the cloud does not know it any more` };
    case "terminated":
    case "shutting-down":
      return { isGone: true, text: `server   ${instanceId} is gone: ${instance.state}${why}` };
    default:
      return {
        isGone: false,
        text: `server   ${instanceId} is ${instance.state}${instance.state === "running" ? "" : why}`,
      };
  }
}

function addressLine({ deployed: { address, instanceId, servers }, cloud }: Looks) {
  const seen = cloud.address;
  if (servers !== undefined) {
    const isAstray = seen.state === "missing";
    return {
      isAstray,
      text: `balancer ${isAstray ? "is gone: the next one has the same name" : `is there, at ${address}`}`,
    };
  }
  if (seen.state === "missing") {
    return { isAstray: true, text: `address  ${address} is not this account's any more: another one will be needed` };
  }
  if (seen.holder === instanceId) return { isAstray: false, text: `address  ${address} leads to ${instanceId}` };
  return { isAstray: true, text: `address  ${address} leads ${seen.holder === "" ? "nowhere" : `to ${seen.holder}`}` };
}

function pageLine({ release }: Deployment, page: Served): string {
  switch (page.kind) {
    case "silent":
      return `page     no answer: ${page.reason}`;
    case "other":
      return `page     HTTP ${page.http}${page.text === "" ? "" : `: ${page.text}`}`;
    case "planet":
      return servedLine(release, page.status, page.at);
  }
}

function servedLine(release: string, status: ServedStatus, at: Date): string {
  if (status.release !== release) return `page     release ${status.release} is served, not ${release}`;
  const [age, interval] = [at.getTime() - status.generatedMs, status.intervalMs].map((ms) => Math.round(ms / 1000));
  return isStale(status, at)
    ? `page     release ${release}, but not renewed for ${age} s (interval ${interval} s): the server's disk may be full`
    : `page     release ${release}, renewed ${Math.max(0, age ?? 0)} s ago`;
}
