import { groupDescription, isKeyPairOf, isServerOf } from "@planet/content/marks";
import { type GroupTag, type Instance, isLiving, publicBucketUrl, serviceUrls } from "@planet/eucalyptus-client";
import { CLIENT_TOKEN, COMPLETE_TAG } from "@planet/eucalyptus-client/marks";
import { parseUserData } from "../../../../userdata/render.ts";
import type { StackConfig } from "../../stack/config.ts";
import type { StateResource } from "../../stack/state.ts";
import { type Finding, note, ok, problem } from "../../text/finding.ts";
import type { Asked } from "./asked.ts";
import type { CloudFacts, Configured } from "./facts.ts";

/** A thing in the cloud that is this stack's and not in its state. */
interface Leftover {
  readonly text: string;
  /** Why it may be there, and what may be done instead of ending it. */
  readonly first?: string;
  readonly end: string;
  /** The same by the AWS CLI. */
  readonly aws?: string;
  /** It is not known whether it is the stack's. */
  readonly isDoubtful?: boolean;
}

/**
 * What is this stack's in the cloud, by whatever the cloud itself knows, and is not in its state: left by a killed run, or
 * by a state that was lost. A stack of the same name whose state is elsewhere looks the same, so nothing is removed here.
 */
export function judgeLeftovers(facts: CloudFacts, subject: Configured): Finding[] {
  const { state, stack, config } = subject;
  if (!state) return [note("leftovers", "not looked for: the state cannot be read")];
  const ids = new Set(state.resources.map(({ id }) => id));
  const groups = listed(facts.groups).filter(({ description }) => description === groupDescription(stack));
  const own = new Set([...groups.map(({ groupId }) => groupId), ...ids]);
  const servers = listed(facts.instances).filter(
    (each) => isThere(each) && !ids.has(each.instanceId) && !isMember(each, ids) && isOurs(each, own, facts, subject),
  );
  const found = [
    ...listed(facts.scalingGroups)
      .filter(({ name, tags }) => !ids.has(name) && isServerOf(stack, tagsOf(tags)))
      .map(({ name }) => leftScalingGroup(name)),
    ...listed(facts.launchConfigurations)
      .filter(({ name, userData }) => !ids.has(name) && isNamedBy(userData?.toString("latin1") ?? "", stack, config))
      .map(({ name }) => leftLaunchConfiguration(name)),
    ...servers.map((server) => leftServer(server, stack)),
    ...groups.filter(({ groupId }) => !ids.has(groupId)).map((group) => leftGroup(group, servers)),
    ...listed(facts.keyPairs)
      .filter(({ keyName }) => isKeyPairOf(stack, keyName) && !ids.has(keyName))
      .map(({ keyName }) => leftKey(keyName)),
    ...leftAddresses(facts, subject, servers),
    ...[...facts.publishers]
      .filter(([name, publisher]) => publisher === stack && !ids.has(name))
      .map(([name]) => leftBucket(name, config.endpoint ?? "")),
  ];
  if (found.length === 0) return [ok("leftovers", "none")];
  return [...found.map(toFinding), ...withoutEuca2ools(found, config)];
}

/** Whether it is a server of a group in the state: who is in one is no state. The cloud sets the tag. */
function isMember({ tags }: Instance, ids: ReadonlySet<string>): boolean {
  const group = tags["aws:autoscaling:groupName"];
  return group !== undefined && ids.has(group);
}

/** Whether only an instance's user-data shows whose it is: a run was killed before it could set tags. */
export function needsUserData(instance: Instance): boolean {
  return isThere(instance) && CLIENT_TOKEN.test(instance.clientToken) && instance.tags.Name === undefined;
}

function isOurs(instance: Instance, own: ReadonlySet<string>, { userData }: CloudFacts, subject: Configured): boolean {
  const { instanceId, tags, securityGroups } = instance;
  const { stack, config } = subject;
  return (
    isServerOf(stack, tags) ||
    securityGroups.some(({ id }) => own.has(id)) ||
    isNamedBy(userData.get(instanceId) ?? "", stack, config)
  );
}

/** Whether the settings in the user-data are those of this stack. */
function isNamedBy(userData: string, stack: string, { endpoint = "", bucket = "" }: StackConfig): boolean {
  const { variables } = parseUserData(userData);
  return variables.get("PLANET_STACK") === stack && variables.get("PLANET_BUCKET_URL") === bucketUrl(endpoint, bucket);
}

function leftServer(instance: Instance, stack: string): Leftover {
  const { instanceId, state, tags } = instance;
  const left = {
    end: `euca-terminate-instances ${instanceId}`,
    aws: `ec2 terminate-instances --instance-ids ${instanceId}`,
  };
  const text = `server ${instanceId} (${state}) is not in the state`;
  // A stopped one is nothing that a later run takes over.
  if (!isLiving(instance) || COMPLETE_TAG in tags) return { ...left, text };
  return {
    ...left,
    text: `${text}: a run was killed while starting it, or is still running`,
    first: `npx pulumi up --stack ${stack} takes it over if the settings are still the same`,
  };
}

const tagsOf = (tags: readonly GroupTag[]) => Object.fromEntries(tags.map(({ key, value }) => [key, value]));

/** It makes servers for as long as it is there: ended before them. */
function leftScalingGroup(name: string): Leftover {
  return {
    text: `group of servers ${name} is not in the state`,
    end: `euscale-delete-auto-scaling-group --force-delete ${name}`,
  };
}

/** It costs nothing and starts nothing by itself. */
function leftLaunchConfiguration(name: string): Leftover {
  return {
    text: `launch configuration ${name} is not in the state: a run was killed while making it, or is still running`,
    end: `euscale-delete-launch-config ${name}`,
  };
}

function leftGroup(group: { groupId: string; name: string }, servers: readonly Instance[]): Leftover {
  const { groupId, name } = group;
  const inside = servers.filter(({ securityGroups }) => securityGroups.some(({ id }) => id === groupId));
  return {
    text: `security group ${groupId} (${name}) is not in the state`,
    ...(inside.length > 0 && { first: `end ${inside.map(({ instanceId }) => instanceId).join(", ")} first` }),
    end: `euca-delete-group ${groupId}`,
    aws: `ec2 delete-security-group --group-id ${groupId}`,
  };
}

function leftKey(keyName: string): Leftover {
  return {
    text: `key pair ${keyName} is not in the state`,
    end: `euca-delete-keypair ${keyName}`,
    aws: `ec2 delete-key-pair --key-name ${keyName}`,
  };
}

/** Addresses carry no name of ours: a killed run may have left a free one, or somebody keeps it. */
function leftAddresses(facts: CloudFacts, { state, config }: Configured, servers: readonly Instance[]): Leftover[] {
  const resources = state?.resources ?? [];
  const known = new Set([config.address, state?.outputs.address, ...resources.flatMap(idsOfAddress)]);
  const holders = new Set([...resources.map(({ id }) => id), ...servers.map(({ instanceId }) => instanceId)]);
  return listed(facts.addresses)
    .filter(({ publicAddress, allocationId }) => !known.has(publicAddress) && !known.has(allocationId || publicAddress))
    .filter(({ instanceId }) => instanceId === "" || holders.has(instanceId))
    .map(({ publicAddress, allocationId, instanceId }) => ({
      text: `address ${publicAddress} is ${instanceId === "" ? "free" : `on ${instanceId}`} and not in the state`,
      first: "to use it: planet:address",
      end: `${instanceId === "" ? "" : `euca-disassociate-address ${publicAddress} && `}euca-release-address ${publicAddress}`,
      aws: `ec2 release-address ${allocationId === "" ? `--public-ip ${publicAddress}` : `--allocation-id ${allocationId}`}`,
      isDoubtful: true,
    }));
}

function leftBucket(name: string, endpoint: string): Leftover {
  return {
    text: `bucket ${name} (${bucketUrl(endpoint, name)}) is published for this stack and not in the state`,
    first: "look into it: it may be what planet:bucket was before",
    end: `s3cmd rb --recursive --force s3://${name}`,
    isDoubtful: true,
  };
}

function toFinding({ text, first, end, isDoubtful }: Leftover): Finding {
  const doubt = isDoubtful ? "if nobody keeps it" : "unless a stack of that name elsewhere owns it";
  const next = `${first === undefined ? "" : `${first}; else `}${end}, ${doubt}`;
  return isDoubtful ? note("leftovers", text, next) : problem("leftovers", text, next);
}

/** The same commands for the AWS CLI. Notes need none: a second way is only worth its line for a problem. */
function withoutEuca2ools(
  found: readonly Leftover[],
  { endpoint = "", region = "eucalyptus" }: StackConfig,
): Finding[] {
  if (found.every(({ isDoubtful }) => isDoubtful)) return [];
  const base = `aws --region ${region} --endpoint-url ${serviceUrls(withoutSlash(endpoint)).ec2}`;
  const commands = found.flatMap(({ aws }) => (aws === undefined ? [] : [`${base} ${aws}`]));
  return [note("leftovers", "where there are no euca2ools, the AWS CLI does the same", commands.join("; "))];
}

const withoutSlash = (endpoint: string): string => endpoint.replace(/\/+$/, "");

const bucketUrl = (endpoint: string, bucket: string): string => publicBucketUrl(withoutSlash(endpoint), bucket);

const listed = <T>(asked: Asked<readonly T[]>): readonly T[] => ("value" in asked ? asked.value : []);

/** Of elastic addresses alone: the address that an instance got by itself may be somebody else's by now. */
function idsOfAddress({ type, id, outputs }: StateResource): unknown[] {
  return type === "aws:ec2/eip:Eip" ? [id, outputs.publicIp] : [];
}

const isThere = ({ state }: Instance): boolean => state !== "terminated" && state !== "shutting-down";
