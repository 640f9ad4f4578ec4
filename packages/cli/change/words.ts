import type { AddressChange, Change, FileChange, HttpsChange, LiveEdit, ServerChange, ValueChange } from "./change.ts";
import { type Line, line } from "./line.ts";

/** The verdict in one sentence. */
export function headlineOf(change: Change): Line {
  const { verdict, server, servers, address, rollout, intervalSeconds } = change;
  switch (verdict) {
    case "nothing":
      return ["Nothing changes."];
    case "content":
      return rollout === "live"
        ? line`Live content: the running server takes it within ${intervalSeconds} seconds. No server is replaced.`
        : ["Only names in the bucket change; the server reads its own content release and stays."];
    case "address":
      return addressHeadline(address);
    case "in-place":
      if (servers) return sizeHeadline(servers);
      return ["Neither page nor server changes; something around them does, in place."];
    case "refused":
      return ["This deploy would be refused. Nothing was changed and nothing would be."];
    case "failed":
      return ["There is no preview: it failed. Nothing was changed."];
    case "server":
      return server ? serverHeadline(server) : ["New server."];
  }
}

/** Without another server: after an update that was interrupted, or a move by hand, the address may be elsewhere. */
function addressHeadline({ kind, before = "", after = before }: AddressChange): Line {
  if (kind === "moves" || kind === "returns") return line`${after} is put back on the running server.`;
  if (kind === "removed") return ["The running server loses its address."];
  return ["The running server gets another address. No server is replaced."];
}

function sizeHeadline({ before, after }: NonNullable<Change["servers"]>): Line {
  return after > before
    ? line`Servers: ${before} → ${after}. Those that run stay.`
    : line`Servers: ${before} → ${after}. Those that go leave the balancer first, and end after their last readers.`;
}

/** Of servers behind a balancer. */
function severalHeadline({ kind, before = "?", after = "?", servers = 0 }: ServerChange): Line {
  switch (kind) {
    case "first":
      return line`First servers: ${servers} of release ${after} are started and get readers once each of them serves the page.`;
    case "new":
      return line`New servers: ${servers} of release ${after} get readers once each of them serves the page; then ${before} goes.`;
    case "again":
      return line`New servers: ${servers} of release ${after} take the place of others of the same release.`;
    case "back":
      return line`Back to the servers of release ${after}, which still run; ${before} goes. Nothing is booted.`;
    case "removed":
      return line`The servers of release ${before} are removed, and no others come.`;
  }
}

function serverHeadline(change: ServerChange): Line {
  if (change.servers !== undefined) return severalHeadline(change);
  const { kind, before = "?", after = "?" } = change;
  switch (kind) {
    case "first":
      return line`First server: release ${after} is started and gets the address once it serves the page.`;
    case "new":
      return line`New server: ${before} is replaced by ${after}, which gets the address once it serves the page.`;
    case "again":
      return line`New server: the machine of release ${after} is replaced by another one of the same release.`;
    case "back":
      return line`Back to the server of release ${after}, which still runs; ${before} goes. Nothing is booted.`;
    case "removed":
      return line`The server of release ${before} is removed, and no other comes.`;
  }
}

/** Why there is another server. */
export function serverItems({ server, intervalSeconds, rollout, files }: Change): Line[] {
  if (!server) return [];
  const reasons = server.reasons.map(valueItem);
  if (server.kind === "new" && reasons.length === 0) {
    reasons.push(["planet:generation: nothing else that makes a server differs"]);
  }
  reasons.push(...httpsItems(server.https));
  const content = rollout === "live" && files.length > 0 && server.kind !== "first";
  return content
    ? [...reasons, line`The old server takes the content change too, within ${intervalSeconds} seconds.`]
    : reasons;
}

/** What becomes of https. That it goes away is a warning. */
function httpsItems(https: HttpsChange | undefined): Line[] {
  if (!https || https.after.length === 0) return [];
  const { before, after, hasOtherKey } = https;
  const host = after[0] ?? "";
  if (before.length === 0) {
    return [
      line`https://${host}/ begins: ${after.join(", ")} must lead to the planet (an A record each, to a load balancer a CNAME). The deploy waits for no certificate; until the server has one it is served by plain http.`,
    ];
  }
  const added = after.filter((name) => !before.includes(name));
  if (hasOtherKey || added.length > 0) {
    const why = hasOtherKey
      ? ["The certificate is sealed with another key than the new server's"]
      : line`The certificate has no ${added.join(", ")}`;
    return [
      [
        ...why,
        ": the new server orders another one, and until it has it, a few minutes at most where all names lead to the address, https does not answer. Imported ones are imported again.",
      ],
    ];
  }
  return before[0] === host ? [] : [line`Readers of the other names are sent on to https://${host}/.`];
}

function valueItem({ what, ...values }: ValueChange): Line {
  const [before, after] = [shortHash(values.before), shortHash(values.after)];
  if (before === undefined && after === undefined) return line`${what} differs`;
  if (before === undefined || before === "") return line`${what}: ${after || "none"}, none before`;
  return line`${what}: ${before} → ${after || "none"}`;
}

/** The first eight digits name a bundle or content release well enough; the whole is in the user-data's difference. */
function shortHash(value: string | undefined): string | undefined {
  return value !== undefined && /^[0-9a-f]{64}$/.test(value) ? `${value.slice(0, 8)}…` : value;
}

export function feedItems({ feeds }: Change): Line[] {
  return [
    ...feeds.added.map(({ name, url }) => line`added: ${name} ${url}`),
    ...feeds.removed.map(({ name, url }) => line`removed: ${name} ${url}`),
    ...feeds.changed.flatMap(({ name, url, values }) =>
      values.map((value): Line => [...line`changed: ${name} ${url}, `, ...valueItem(value)]),
    ),
  ];
}

export function fileItems({ files }: Change): Line[] {
  return files.map((file) => [...line`${file.name}: `, ...fileWords(file)]);
}

function fileWords({ kind, bytesBefore = 0, bytesAfter = 0, diff }: FileChange): Line {
  switch (kind) {
    case "added":
      return line`added, ${bytesAfter} bytes`;
    case "removed":
      return line`removed, ${bytesBefore} bytes`;
    case "rewritten":
      return ["its live object is written again; the published bytes stay"];
    case "changed":
      return diff === undefined
        ? line`changed, ${bytesBefore} → ${bytesAfter} bytes`
        : line`changed, ${bytesBefore} → ${bytesAfter} bytes, see below`;
  }
}

export function addressItems({ address, verdict }: Change): Line[] {
  const { kind, before = "", after } = address;
  if (verdict === "failed" || verdict === "refused") return [];
  if (verdict === "address" && (kind === "moves" || kind === "returns")) return []; // the headline says it
  const kept = address.kept === undefined ? [] : [keptWords(address.kept)];
  switch (kind) {
    case "stays":
      return verdict === "nothing" || verdict === "content" ? kept : [line`${before} stays where it is.`, ...kept];
    case "moves":
      return [line`${before} moves to the new server; until then the old one answers.`, ...kept];
    case "returns":
    case "new":
      return [after === undefined ? ["A new elastic address is allocated."] : leadsWords(after), ...kept];
    case "differs":
      return [after === undefined ? line`${before} → a new one` : line`${before} → ${after}`, ...kept];
    case "removed":
      return [line`${before} leads nowhere any more.`, ...kept];
    case "none":
      return kept;
  }
}

const leadsWords = (address: string): Line => line`${address} leads to the new server once it serves the page.`;

const keptWords = (kept: boolean): Line =>
  kept ? ["The allocated address stays with the account."] : ["The allocated address is released."];

export function editItems({ liveEdits, rollout, verdict }: Change): Line[] {
  if (liveEdits === undefined) {
    return verdict === "failed" || verdict === "refused"
      ? []
      : [["The bucket could not be read; edits in it are not shown."]];
  }
  return liveEdits.map((edit) => editItem(edit, rollout));
}

function editItem({ name, sha256, modified, fate }: LiveEdit, rollout: Change["rollout"]): Line {
  const head = line`${name} (${sha256.slice(0, 8)}, ${modified ?? "time unknown"}) `;
  const pinned = rollout === "replace" ? "; readers do not see it, since planet:rollout is replace" : "";
  const fates: Record<LiveEdit["fate"], string> = {
    left: `was edited in the bucket and is left as it is there${pinned}`,
    taken: "was edited in the bucket; this deploy publishes the same bytes",
    overwritten: "was edited in the bucket and is overwritten",
    found: `was edited in the bucket${pinned}`,
  };
  return [...head, fates[fate]];
}

/** Resource types in the project's own words; others are shown as they are. */
const TYPES: Readonly<Record<string, string>> = {
  "aws:autoscaling/group:Group": "group of servers",
  "aws:ec2/instance:Instance": "instance",
  "aws:ec2/keyPair:KeyPair": "key pair",
  "aws:ec2/securityGroup:SecurityGroup": "security group",
  "aws:elb/loadBalancer:LoadBalancer": "load balancer",
  "aws:s3/bucket:Bucket": "bucket",
};

export function otherItems({ others }: Change): Line[] {
  return others.map(({ op, type, name, paths }) => {
    const head = line`${TYPES[type] ?? type} ${name}: ${op}`;
    return paths.length === 0 ? head : [...head, ...line` of ${paths.join(", ")}`];
  });
}

/** What to do next, and the way back. */
export function footerOf({ stack, verdict, server }: Change): Line[] {
  if (verdict === "nothing") return [];
  if (verdict === "failed" || verdict === "refused") {
    return [line`Fix it and look again: ${`npx planet preview --stack ${stack}`}`];
  }
  const deploy = line`To deploy: ${`npx planet up --stack ${stack}`}, or merge where the workflow does it.`;
  if (server?.kind === "first") return [deploy];
  return [
    deploy,
    line`To roll back afterwards: ${`npx planet rollback --stack ${stack}`}, and revert the change on main.`,
  ];
}
