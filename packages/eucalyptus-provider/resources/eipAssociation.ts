import { type Address, isCloudError } from "@planet/eucalyptus-client";
import { type Inputs, type Problem, UNKNOWN } from "@planet/pulumi-plugin";
import type { EipAssociation, EipAssociationArgs } from "@pulumi/aws/ec2/eipAssociation.js";
import type { CloudContext } from "../cloudContext.ts";
import type { CheckFacts, Handler, RulesOf, StateOf } from "../handler.ts";
import { inDoubt } from "../inDoubt.ts";
import { ProviderError } from "../providerError.ts";
import { flag, refused, region, text } from "../rules/inputRule.ts";
import { defined, flagIn, textIn, textOf } from "../values.ts";

/*
 * Who competes: the association of the old server and that of the new one; an update that was interrupted after the cloud
 * had moved the address and before the state knew of it, and the person who then goes back; and whoever moves the
 * address by hand. A replacement creates before it deletes, so the create moves the address in one call
 * (`allowReassociation`), and what is deleted at the end is already history.
 *
 * What guards. A difference is looked for in the cloud, too: an address that is not on the server that the state says makes
 * a new association, so that the address comes back and what waits for the association's id asks again. VPC: every move
 * makes a new association id and kills the old one, so the late delete hits `InvalidAssociationID.NotFound` and cannot
 * touch the new association. EDGE: there is no id; ours is "address:instance:digits", whose digits no two associations
 * share. A delete looks first who holds the address, and is left out when an association of the same pair was made or
 * confirmed in the same run (runLedger.ts). Between look and call lie milliseconds in which somebody else's move would be
 * undone; nothing on the wire closes that gap.
 *
 * What a crash leaves: the address moved or not moved. Associating the same pair again changes nothing.
 */

const inputs: RulesOf<EipAssociationArgs> = {
  allocationId: text({ replaces: true, computed: true }),
  allowReassociation: flag({ computed: true }),
  instanceId: text({ required: true, replaces: true }),
  networkInterfaceId: refused("name the instance: the address goes to its interface"),
  privateIpAddress: refused("Eucalyptus ignores it: the address goes to the primary private one; remove it"),
  publicIp: text({ replaces: true, computed: true }),
  region,
};

/** An elastic address on an instance. Id: the association id; in EDGE `address:instance:digits`. */
export const eipAssociation: Handler = {
  token: "aws:ec2/eipAssociation:EipAssociation",
  inputs,
  stables: ["allocationId", "instanceId", "networkInterfaceId", "privateIpAddress", "publicIp"],
  problems,

  preview(news, { mode, region: ours }) {
    const isVpc = mode === "vpc";
    return {
      allocationId: isVpc ? UNKNOWN : "",
      networkInterfaceId: isVpc ? UNKNOWN : "",
      privateIpAddress: UNKNOWN,
      publicIp: UNKNOWN,
      region: ours,
      ...news,
    };
  },

  naturalKey(id) {
    const pair = parseEdgeId(id);
    return pair ? `association of ${pair.publicAddress} with ${pair.instanceId}` : `association ${id}`;
  },

  async diffInCloud(cloud, { urn, news, olds }, found) {
    const [publicAddress, instanceId] = [textOf(olds, "publicIp"), textOf(news, "instanceId")];
    cloud.run.confirm(addressKey(publicAddress), urn);
    if (found.replaces.length > 0) return found;
    const live = await cloud.ec2.findAddress(publicAddress);
    if (live?.instanceId === instanceId) return found;
    const holder = live?.instanceId || "no instance";
    cloud.log.info(urn, `${publicAddress} is on ${holder}, not on ${instanceId} as the state says: it is put back`);
    return { ...found, changes: true, replaces: ["instanceId"], detailed: { instanceId: "update-replace" } };
  },

  async create(cloud, { urn, inputs: news }) {
    const instanceId = textOf(news, "instanceId");
    const address = await findWanted(cloud, news);
    refuseTheft(address, instanceId, flagIn(news, "allowReassociation") ?? false);
    const live = await associate(cloud, { address, instanceId, news });
    const id = live.associationId === "" ? newEdgeId(cloud, live) : live.associationId;
    cloud.run.create(addressKey(address.publicAddress), urn);
    return { id, state: stateOf(live, instanceId, news, cloud.region) };
  },

  async read(cloud, { id, state, inputs: known }) {
    const live = await findAssociated(cloud, id);
    if (!live) {
      // Somebody else's by now, or nobody's: the state has no claim to it, unless the program makes a new one.
      cloud.run.giveUp(addressKey(textOf(state ?? {}, "publicIp")));
      return undefined;
    }
    const news =
      known ?? defined({ publicIp: live.publicAddress, instanceId: live.instanceId, allowReassociation: true });
    return {
      id: live.associationId === "" ? id : live.associationId,
      inputs: news,
      state: stateOf(live, live.instanceId, news, cloud.region),
    };
  },

  /** Only `allowReassociation` can have changed, and the cloud does not keep it. */
  update: async (_cloud, { olds, news }) => ({ ...olds, ...news }),

  async delete(cloud, { id, state }) {
    const publicAddress = parseEdgeId(id)?.publicAddress ?? textOf(state, "publicIp");
    cloud.run.giveUp(addressKey(publicAddress));
    if (await findAssociated(cloud, id)) await disassociate(cloud, id);
  },
};

/** How the run speaks of an address that an association of the program puts on a server. */
export const addressKey = (publicAddress: string): string => `elastic address ${publicAddress}`;

function problems(news: Inputs, { mode }: CheckFacts): Problem[] {
  const given = ["publicIp", "allocationId"].filter((name) => news[name] !== undefined);
  if (given.length !== 1) return [{ property: "", reason: "needs publicIp or allocationId, and not both" }];
  if (mode === "edge" && given[0] === "allocationId") {
    return [{ property: "allocationId", reason: "a cloud in EDGE mode has no allocation ids; give publicIp" }];
  }
  return [];
}

async function findWanted({ ec2 }: CloudContext, news: Inputs): Promise<Address> {
  const id = textIn(news, "allocationId") ?? textOf(news, "publicIp");
  const address = await ec2.findAddress(id);
  if (address) return address;
  throw new ProviderError({
    code: "ADDRESS_UNKNOWN",
    what: `${id} cannot be put on ${textOf(news, "instanceId")}`,
    why: "it is not an elastic address of this account",
    next: "Allocate it (aws.ec2.Eip), or correct it; `euca-describe-addresses` lists what the account has.",
  });
}

/** Moves the address, and answers it as the cloud shows it then. A call that ended in doubt may have moved it. */
async function associate(
  cloud: CloudContext,
  { address, instanceId, news }: { address: Address; instanceId: string; news: Inputs },
): Promise<Address> {
  const { ec2 } = cloud;
  const { publicAddress } = address;
  const allowReassociation = flagIn(news, "allowReassociation") ?? false;
  const onInstance = async () => {
    const live = await ec2.findAddress(publicAddress);
    return live?.instanceId === instanceId ? live : undefined;
  };
  const moved = await inDoubt(
    cloud,
    async () => {
      const associationId = await ec2.associateAddress({ address, instanceId, allowReassociation });
      return (await onInstance()) ?? (associationId === "" ? undefined : { ...address, associationId, instanceId });
    },
    onInstance,
  );
  if (moved) return moved;
  throw notMoved(address, instanceId, await ec2.findAddress(publicAddress));
}

/** EDGE does not look at `allowReassociation`, so we do, in both modes. */
function refuseTheft(address: Address, instanceId: string, allowReassociation: boolean) {
  const { instanceId: holder, publicAddress } = address;
  if (allowReassociation || holder === "" || holder === instanceId) return;
  throw new ProviderError({
    code: "ADDRESS_TAKEN",
    what: `${publicAddress} was not put on ${instanceId}`,
    why: `${holder} holds it`,
    next: "Set allowReassociation to true to move it in one step.",
  });
}

function notMoved(address: Address, instanceId: string, live: Address | undefined): ProviderError {
  return new ProviderError({
    code: "ADDRESS_NOT_MOVED",
    what: `${address.publicAddress} is not on ${instanceId} although the cloud said so`,
    why: live?.instanceId ? `${live.instanceId} holds it now` : "nobody holds it",
    next: "Find out who else moves it, then run `pulumi up` again.",
  });
}

/** Undefined when this association is over, also where a newer one has the same pair: that one is the newer entry's. */
async function findAssociated({ ec2 }: CloudContext, id: string): Promise<Address | undefined> {
  const pair = parseEdgeId(id);
  if (!pair) return (await ec2.describeAddresses({ "association-id": [id] }))[0];
  const live = await ec2.findAddress(pair.publicAddress);
  return live?.instanceId === pair.instanceId ? live : undefined;
}

async function disassociate(cloud: CloudContext, id: string): Promise<void> {
  const named = parseEdgeId(id)?.publicAddress ?? id;
  const isDone = async () => ((await findAssociated(cloud, id)) ? undefined : true);
  try {
    await inDoubt(cloud, () => cloud.ec2.disassociateAddress(named).then(() => true), isDone);
  } catch (error) {
    // The create of our successor, or the end of the instance, ended this association meanwhile.
    if (!isCloudError(error, "InvalidAssociationID.NotFound")) throw error;
  }
}

function newEdgeId({ newDigits }: CloudContext, { publicAddress, instanceId }: Address): string {
  return `${publicAddress}:${instanceId}:${newDigits()}`;
}

/** Without digits: as `pulumi import` takes it, and as states from before have it. */
export function parseEdgeId(id: string): { publicAddress: string; instanceId: string } | undefined {
  const [, publicAddress = "", instanceId = ""] = /^([\d.]+):(i-[0-9a-f]+)(?::[0-9a-f]{8})?$/.exec(id) ?? [];
  return publicAddress === "" ? undefined : { publicAddress, instanceId };
}

function stateOf(live: Address, instanceId: string, news: Inputs, ours: string): Inputs {
  const observed: StateOf<EipAssociation> = {
    allocationId: live.allocationId,
    instanceId,
    networkInterfaceId: live.networkInterfaceId,
    privateIpAddress: live.privateAddress,
    publicIp: live.publicAddress,
    region: ours,
  };
  return { ...news, ...defined(observed) };
}
