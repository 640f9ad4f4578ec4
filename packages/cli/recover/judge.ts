import type { Deployment } from "../operation/deployment.ts";
import type { CloudLook } from "../operation/lookAtCloud.ts";
import type { PageLook } from "../operation/lookAtPage.ts";

/** What one look showed, from outside and from the cloud. */
export interface Looks {
  readonly deployed: Deployment;
  readonly cloud: CloudLook;
  readonly page: PageLook;
}

/**
 * `well`: readers get the page. `gone`: there is no such server, or the address has left it: a refresh and `up` mend
 * that. `broken`: the server exists and does not serve; only another one helps.
 */
export interface Judgement {
  readonly verdict: "well" | "gone" | "broken";
  /** Whether readers get a planet, of whatever release. */
  readonly isServed: boolean;
  /** What was seen: address, server, page. */
  readonly lines: readonly string[];
}

/** Younger pages are never old, however short the interval; a look of the server itself may take as long. */
const FRESH_SECONDS = 120;
/** A look that is late once or twice may be slow feeds (the reference's rule for a healthy status.json: three intervals). */
const MISSED_INTERVALS = 3;

/** What the looks mean. Pure. */
export function judge(looks: Looks): Judgement {
  const { deployed, cloud, page } = looks;
  const server = serverLine(looks);
  const address = addressLine(looks);
  const lines = [address.text, server.text, pageLine(deployed, page)];
  const isServed = page.kind === "served" && !isOld(page);
  if (server.isGone || address.isAstray) return { verdict: "gone", isServed, lines };
  const serves = isServed && page.release === deployed.release && cloud.instance.state === "running";
  return { verdict: serves ? "well" : "broken", isServed, lines };
}

function serverLine({ deployed: { instanceId }, cloud: { instance } }: Looks) {
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

function addressLine({ deployed: { address, instanceId }, cloud }: Looks) {
  const seen = cloud.address;
  if (seen.state === "missing") {
    return { isAstray: true, text: `address  ${address} is not this account's any more: another one will be needed` };
  }
  if (seen.holder === instanceId) return { isAstray: false, text: `address  ${address} leads to ${instanceId}` };
  return { isAstray: true, text: `address  ${address} leads ${seen.holder === "" ? "nowhere" : `to ${seen.holder}`}` };
}

function pageLine({ release }: Deployment, page: PageLook): string {
  switch (page.kind) {
    case "silent":
      return `page     no answer: ${page.reason}`;
    case "other":
      return `page     HTTP ${page.status}${page.text === "" ? "" : `: ${page.text}`}`;
    case "served":
      if (page.release !== release) return `page     release ${page.release} is served, not ${release}`;
      return isOld(page)
        ? `page     release ${release}, but not renewed for ${page.ageSeconds} s (interval ${page.intervalSeconds} s): the server's disk may be full`
        : `page     release ${release}, renewed ${Math.max(0, page.ageSeconds)} s ago`;
  }
}

function isOld({ ageSeconds, intervalSeconds }: { ageSeconds: number; intervalSeconds: number }): boolean {
  return ageSeconds > Math.max(FRESH_SECONDS, MISSED_INTERVALS * intervalSeconds);
}
