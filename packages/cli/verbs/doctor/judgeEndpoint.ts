import { isIP } from "node:net";
import { messageOf } from "@planet/errors";
import { FOREIGN_ANSWER, isCloudError } from "@planet/eucalyptus-client";
import { type Finding, note, ok, problem } from "../../text/finding.ts";
import type { CloudFacts, EndpointFacts, Subject } from "./facts.ts";
import { isMissingPermission, judgePermissions } from "./judgePermissions.ts";

/** EC2 refuses a request that is so far ahead of its clock. Source: Corymbia/eucalyptus `HmacUtils.java`. */
const AHEAD_LIMIT_MS = 20_000;
/** … or so far behind. */
const BEHIND_LIMIT_MS = 15 * 60_000;
/** `Date` has whole seconds and answers take time. */
const NOTICEABLE_MS = 5_000;

export function judgeEndpoint({ url, aheadMs, keys }: EndpointFacts, { stack, isLocal }: Subject): Finding[] {
  const form = judgeForm(url, stack);
  if ("error" in aheadMs) return [...form, judgeSilence(url, aheadMs.error, { stack, isLocal })];
  const give = isLocal ? "npx planet cloud start   (its keys come with it)" : "export them and look again";
  const credentials = "error" in keys ? [problem("keys", messageOf(keys.error), give)] : [];
  return [...form, ok("endpoint", `${url} answers`), judgeClock(aheadMs.value), ...credentials];
}

function judgeSilence(url: string, error: unknown, { stack, isLocal }: Pick<Subject, "stack" | "isLocal">): Finding {
  if (isLocal) return problem("endpoint", `${url} does not answer: ${messageOf(error)}`, "npx planet cloud start");
  const place = `planet:endpoint in Pulumi.${stack}.yaml`;
  if (isCloudError(error)) return problem("endpoint", error.detail, `${error.next} The endpoint is ${place}.`);
  return problem("endpoint", `${url} does not answer: ${messageOf(error)}`, `look at ${place} and at the network`);
}

/** A host name that is not the cloud's own is read as a bucket's name. */
function judgeForm(url: string, stack: string): Finding[] {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, "");
  if (isIP(host) !== 0) return [];
  const set = `npx pulumi config set planet:endpoint http://<IP address>:8773 --stack ${stack}`;
  if (host === "localhost") return [problem("endpoint", "localhost is read as a bucket's name by Eucalyptus", set)];
  return [
    note("endpoint", `${host} has to be a name in the cloud's own DNS domain; any other is read as a bucket's name`),
  ];
}

function judgeClock(aheadMs: number): Finding {
  const seconds = Math.round(Math.abs(aheadMs) / 1000);
  if (seconds * 1000 < NOTICEABLE_MS) return ok("clock", "agrees with the cloud's");
  const text = `this machine is ${seconds} s ${aheadMs > 0 ? "ahead of" : "behind"} the cloud`;
  const isRefused = aheadMs > AHEAD_LIMIT_MS || aheadMs < -BEHIND_LIMIT_MS;
  if (isRefused) return problem("clock", `${text}, which it refuses`, "set the clock: timedatectl set-ntp true");
  return note("clock", text);
}

/** Whether the credentials are accepted, and what kind of cloud answers. */
export function judgeAccount(facts: CloudFacts, { stack }: Subject): Finding[] {
  const { platform, identity, buckets } = facts;
  const who = "value" in identity ? `account ${identity.value.accountId}, ${identity.value.arn}` : "";
  const accepted = ok("keys", `accepted${who === "" ? "" : `: ${who}`}`);
  if ("error" in platform) {
    const { error } = platform;
    if (isMissingPermission(error)) return [accepted, ...judgePermissions(facts)];
    const isOwn = isCloudError(error) && error.code !== FOREIGN_ANSWER;
    const why = messageOf(error);
    const isRefusal = isOwn && (error.status === 401 || error.status === 403);
    return isRefusal
      ? [problem("keys", `are not accepted: ${why}`, "euare-useraddkey, or a new eucarc, gives valid ones")]
      : [problem("keys", `EC2 does not answer as expected: ${why}`, "look at planet:endpoint")];
  }
  const { mode, defaultVpcId } = platform.value;
  return [accepted, ...judgePermissions(facts), ...judgeNetwork(mode, defaultVpcId), ...judgePathStyle(buckets, stack)];
}

function judgeNetwork(mode: "edge" | "vpc", defaultVpcId: string): Finding[] {
  if (mode === "edge") return [ok("mode", "EDGE: addresses have no ids and cannot be tagged")];
  if (defaultVpcId !== "") return [ok("mode", `VPC, default VPC ${defaultVpcId}`)];
  return [
    problem(
      "mode",
      "VPC, and the account has no default VPC to start a server in",
      "the cloud's administrator: euca-create-vpc <account>",
    ),
  ];
}

function judgePathStyle(buckets: CloudFacts["buckets"], stack: string): Finding[] {
  if ("value" in buckets) return [];
  const { error } = buckets;
  if (isCloudError(error, "AccessDenied")) return []; // a matter of the policy
  const isRead = isCloudError(error, "NoSuchBucket");
  const why = isRead ? "the endpoint's host is read as a bucket's name" : messageOf(error);
  const next = isRead
    ? `use the front end's IP address in Pulumi.${stack}.yaml`
    : "the cloud's administrator: euserv-describe-services";
  return [problem("storage", `object storage: ${why}`, next)];
}
