import { RELEASE_VARIABLE, releaseOfTags, SERVED_RESOURCE, TRAFFIC_RESOURCE } from "@planet/content/marks";
import { unifiedDiff } from "@planet/content/unifiedDiff";
import { parseUserData, type SecretVariable, type UserDataVariable } from "../../../userdata/render.ts";
import { record } from "../text/json.ts";
import type { Change, ServerChange, ValueChange } from "./change.ts";
import { input, type Preview, type State, type Step } from "./previewJson.ts";

/** Which setting a line of the user-data's header comes from. The release follows from them all, a secret stays one. */
const SETTINGS: Readonly<Record<Exclude<UserDataVariable, SecretVariable | "PLANET_RELEASE">, string>> = {
  PLANET_ACME_CONTACT: "planet:acmeContact",
  PLANET_ACME_DIRECTORY: "planet:acmeDirectory",
  PLANET_ALLOW_HOSTS: "planet:allowHosts",
  PLANET_ARCHIVE_MONTHS: "planet:archiveMonths",
  PLANET_BUCKET_URL: "planet:endpoint or planet:bucket",
  PLANET_BUNDLE: "packages/aggregator (the program on the server)",
  PLANET_CONTENT: "content (planet:rollout is replace)",
  PLANET_HOST: "planet:host",
  PLANET_HSTS: "planet:hsts",
  PLANET_INTERVAL: "planet:interval",
  PLANET_KEEPALIVE: "how long the server keeps connections (userdata/render.ts)",
  PLANET_MEMORY_PREFIX: "planet:memory or planet:permit",
  PLANET_PERMIT: "planet:permit",
  PLANET_SERVERS: "planet:servers",
  PLANET_SETTLE: "planet:settle",
  PLANET_SIGNER: "the access key that signs the server's permits",
  PLANET_STACK: "the stack's name",
};
const settingNames = Object.keys(SETTINGS) as (keyof typeof SETTINGS)[];

const INPUTS: Readonly<Record<string, string>> = {
  ami: "planet:image",
  imageId: "planet:image",
  instanceType: "planet:instanceType",
  keyName: "planet:keyName or planet:publicKey",
};

const GROUP = "aws:autoscaling/group:Group";

/** One server, or a group of equal ones: their releases are told by the same tags. */
const isInstance = ({ type }: Step) => type === "aws:ec2/instance:Instance" || type === GROUP;
const isConfiguration = ({ type }: Step) => type === "aws:ec2/launchConfiguration:LaunchConfiguration";
const isServer = ({ type }: Step) => type === "planet:index:Server";

/** How the engine writes a value that is one secret as a whole. */
const SECRET = "[secret]";

/** Undefined when no server comes or goes. An instance that only changes in place does not count. */
export function serverChange({ steps }: Preview): ServerChange | undefined {
  const changing = steps.filter((step) => isInstance(step) && ["create", "replace", "delete"].includes(step.op));
  const created = changing.find(({ op }) => op !== "delete");
  const deleted = changing.find(({ op }) => op === "delete");
  const served = steps.find(({ name }) => name === SERVED_RESOURCE || name === TRAFFIC_RESOURCE);
  const component = steps.find(isServer);
  const old = deleted?.before ?? created?.before;
  const before = releaseOf(old) ?? servedRelease(served?.before);
  const after = created ? releaseOf(created.after) : servedRelease(served?.after);
  const releases = { ...(before !== undefined && { before }), ...(after !== undefined && { after }) };
  if (created) {
    const kind = before === undefined ? "first" : before === after ? "again" : "new";
    const several = created.type === GROUP && { servers: sizeOf(created.after) };
    // What a group starts its servers with is a resource of its own.
    const made = steps.filter(isConfiguration);
    const from = created.type === GROUP ? made.find(({ op }) => op === "delete")?.before : old;
    const to = created.type === GROUP ? made.find(({ op }) => op !== "delete")?.after : created.after;
    return {
      kind,
      ...releases,
      ...several,
      ...comparison(from, to, component),
      ...httpsPart(from, to, component),
    };
  }
  // An earlier server that still runs has no step: only the wait for readers shows it.
  if (served?.after && before !== after) {
    const several = served.name === TRAFFIC_RESOURCE && { servers: countOf(served.after) };
    return { kind: "back", ...releases, ...several, reasons: [], ...httpsPart(undefined, undefined, component) };
  }
  const goes = deleted && !served?.after && steps.every((step) => !isInstance(step) || step.op === "delete");
  return goes && served?.op === "delete" ? { kind: "removed", ...releases, reasons: [] } : undefined;
}

function releaseOf(state: State | undefined): string | undefined {
  const tags = state?.inputs.tags;
  if (!Array.isArray(tags)) return releaseOfTags(record(tags));
  return releaseOfTags(Object.fromEntries(tags.map(record).map(({ key, value }) => [String(key), value])));
}

const sizeOf = (group: State | undefined): number => Number(group?.inputs.desiredCapacity);

/** Of the wait for readers of a balancer. */
const countOf = (wait: State): number => Number(record(wait.inputs.environment).PLANET_SERVERS);

/** More or fewer servers of the same release; undefined when their number stays, or another release comes. */
export function sizeChange({ steps }: Preview): Change["servers"] {
  const group = steps.find(({ type, op }) => type === GROUP && op === "update");
  if (!group) return undefined;
  const [before, after] = [sizeOf(group.before), sizeOf(group.after)];
  return before === after ? undefined : { before, after };
}

function servedRelease(state: State | undefined): string | undefined {
  const release = record(state?.inputs.environment)[RELEASE_VARIABLE];
  return typeof release === "string" ? release : undefined;
}

/** @param server The component's step: its user-data has placeholders for the secrets that are in the instance's. */
function comparison(
  before: State | undefined,
  after: State | undefined,
  server: Step | undefined,
): Pick<ServerChange, "reasons" | "userDataDiff"> {
  if (!before || !after) return { reasons: [] };
  const reasons = inputReasons(before, after);
  const [old, next] = [userDataOf(server?.before, before), userDataOf(server?.after, after)];
  if (old === undefined || next === undefined) return { reasons };
  const diff = unifiedDiff("user-data", old, next);
  return {
    reasons: [...reasons, ...userDataReasons(old, next)],
    ...(diff !== undefined && { userDataDiff: diff }),
  };
}

function httpsPart(
  before: State | undefined,
  after: State | undefined,
  server: Step | undefined,
): Pick<ServerChange, "https"> {
  const variablesIn = (component: State | undefined, instance: State | undefined) => {
    const text = instance ? userDataOf(component, instance) : input(component, "userData");
    return parseUserData(text ?? "").variables;
  };
  const [old, next] = [variablesIn(server?.before, before), variablesIn(server?.after, after)];
  const namesIn = (variables: typeof old) =>
    (variables.get("PLANET_HOST") ?? "").split(",").filter((name) => name !== "");
  const names = { before: namesIn(old), after: namesIn(next) };
  if (names.before.length + names.after.length === 0) return {};
  const sealedWith = ["PLANET_BUCKET_URL", "PLANET_PERMIT", "PLANET_SIGNER"] as const;
  const hasOtherKey = sealedWith.some((name) => old.get(name) !== next.get(name));
  return { https: { ...names, hstsSeconds: Number(old.get("PLANET_HSTS") ?? 0), hasOtherKey } };
}

/** The instance's own where a version without secrets has made it. */
function userDataOf(server: State | undefined, instance: State): string | undefined {
  const own = input(instance, "userData") ?? "";
  return input(server, "userData") ?? (own === SECRET ? undefined : own);
}

function inputReasons(before: State, after: State): ValueChange[] {
  return Object.entries(INPUTS).flatMap(([name, what]) => difference(what, input(before, name), input(after, name)));
}

function userDataReasons(before: string, after: string): ValueChange[] {
  const [old, next] = [parseUserData(before), parseUserData(after)];
  const values = (name: UserDataVariable) => [old.variables.get(name), next.variables.get(name)] as const;
  const comesOrGoes = values("PLANET_HOST").some((host) => !host);
  const reasons = settingNames
    .filter((name) => !(comesOrGoes && isOfHostAlone(name, values(name))))
    .flatMap((name) => difference(SETTINGS[name], ...values(name)));
  return old.script === next.script ? reasons : [...reasons, { what: "userdata/planet.sh" }];
}

/** What is in the user-data only because a host is: the number of the permits, and no HSTS. */
const isOfHostAlone = (name: UserDataVariable, values: readonly (string | undefined)[]): boolean =>
  name === "PLANET_PERMIT" || (name === "PLANET_HSTS" && values.every((value) => !value || value === "0"));

function difference(what: string, before: string | undefined, after: string | undefined): ValueChange[] {
  // What an earlier version does not know is as good as empty.
  if ((before ?? "") === (after ?? "")) return [];
  return [{ what, ...(before !== undefined && { before }), ...(after !== undefined && { after }) }];
}
