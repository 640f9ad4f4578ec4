import { isPlanetsOwn } from "@planet/content";
import { messageOf } from "@planet/errors";
import { type Acl, isCloudError, openTo } from "@planet/eucalyptus-client";
import { type Finding, note, ok, problem } from "../../text/finding.ts";
import type { Asked } from "./asked.ts";
import type { CloudFacts, Configured } from "./facts.ts";

/** The two names that readers and operators know: the elastic address and the bucket. */
export function judgePlaces(facts: CloudFacts, subject: Configured): Finding[] {
  return [...judgeAddress(facts, subject), ...judgeBucket(facts, subject)];
}

function judgeAddress({ addresses }: CloudFacts, { config, state, stack }: Configured): Finding[] {
  if ("error" in addresses) return [note("address", `addresses cannot be listed: ${messageOf(addresses.error)}`)];
  const adopted = config.address ?? "";
  const wanted = adopted || (state?.outputs.address ?? "");
  if (wanted === "") return [ok("address", "none yet: the first update allocates one")];
  const found = addresses.value.find(({ publicAddress }) => publicAddress === wanted);
  if (!found)
    return [problem("address", `${wanted} is not this account's`, lost(adopted !== "", addresses.value, stack))];
  const { instanceId, networkInterfaceId } = found;
  const holder = instanceId || networkInterfaceId;
  const kind = adopted === "" ? "allocated by the stack" : "adopted";
  if (holder === "") {
    return state?.outputs.instanceId === undefined
      ? [ok("address", `${wanted} (${kind}) is free`)]
      : [problem("address", `${wanted} (${kind}) leads nowhere`, `npx planet recover --stack ${stack}`)];
  }
  const isOurs = state?.resources.some(({ id }) => id === instanceId) ?? false;
  if (isOurs) return [ok("address", `${wanted} (${kind}) leads to ${instanceId}`)];
  const text = `${wanted} (${kind}) leads to ${holder}, which is not in the state`;
  const next = `a deploy moves it to the stack's server; if that is meant: npx pulumi up --stack ${stack}`;
  return [problem("address", text, next)];
}

function lost(isAdopted: boolean, addresses: readonly { publicAddress: string; instanceId: string }[], stack: string) {
  if (!isAdopted) return `npx pulumi up --stack ${stack} allocates another; the planet's DNS name has to follow`;
  const free = addresses.filter(({ instanceId }) => instanceId === "").map(({ publicAddress }) => publicAddress);
  return `set planet:address to one of yours${free.length > 0 ? ` (free: ${free.join(", ")})` : ""}, or take it out to have one allocated`;
}

function judgeBucket({ buckets, bucket, manifest }: CloudFacts, { config, stack, state }: Configured): Finding[] {
  const name = config.bucket ?? "";
  const another = `npx pulumi config set planet:bucket <another name> --stack ${stack}`;
  if ("error" in bucket) {
    const isTheirs = isCloudError(bucket.error, "AccessDenied");
    if (isTheirs) return [problem("bucket", `${name} is another account's`, another)];
    return [note("bucket", `${name} cannot be looked at: ${messageOf(bucket.error)}`)];
  }
  const { exists, keys, acl } = bucket.value;
  const isDeployed = state?.resources.some(({ type }) => type === "aws:s3/bucket:Bucket") ?? false;
  if (!exists) {
    if (!isDeployed) return [ok("bucket", `${name} is not there yet: the first update makes it`)];
    return [problem("bucket", `${name} is in the state and not in the cloud`, `npx pulumi up --stack ${stack}`)];
  }
  const isOwn = "error" in buckets || buckets.value.includes(name);
  if (!isOwn) return [problem("bucket", `${name} is another account's, which lets this one look into it`, another)];
  return [judgeContent(name, keys, manifest, { stack, another }), ...(acl ? judgeAcl(name, acl) : [])];
}

/** Whoever may write into the bucket decides what readers see. */
function judgeAcl(name: string, acl: Asked<Acl>): Finding[] {
  if ("error" in acl) return [note("bucket", `the ACL of ${name} cannot be read: ${messageOf(acl.error)}`)];
  const close = `s3cmd setacl --acl-private s3://${name}`;
  switch (openTo(acl.value)) {
    case "write":
      return [problem("bucket", `everybody, or every account of the cloud, may write into ${name}`, close)];
    case "read":
      return [note("bucket", `strangers may list ${name}, and so see the names of all that is in it`, close)];
    case "nobody":
      return [];
  }
}

function judgeContent(
  name: string,
  keys: readonly string[],
  manifest: CloudFacts["manifest"],
  { stack, another }: { readonly stack: string; readonly another: string },
): Finding {
  if ("error" in manifest)
    return note("bucket", `${name} is ours; its manifest cannot be read: ${messageOf(manifest.error)}`);
  const { value } = manifest;
  if (value.state === "present") {
    const owner = value.manifest.stack;
    if (owner === stack) return ok("bucket", `${name} is ours and holds this stack's manifest`);
    return problem("bucket", `${name} is ours and belongs to the stack "${owner}"`, another);
  }
  if (value.state === "missing") {
    if (keys.length === 0) return ok("bucket", `${name} is ours and empty`);
    if (keys.every(isPlanetsOwn)) return ok("bucket", `${name} is ours and holds the memory of an earlier stack`);
    const text = `${name} is ours and holds a planet that was run by hand (${keys.slice(0, 5).join(", ")})`;
    return problem(
      "bucket",
      text,
      `npx planet feeds pull --adopt --stack ${stack}, then: npx planet preview --stack ${stack}`,
    );
  }
  const why = value.state === "unreadable" ? value.reason : "it was written without public-read";
  return problem("bucket", `manifest.json of ${name} cannot be used: ${why}`, `npx pulumi up --stack ${stack}`);
}
