import { type Address, isCloudError } from "@planet/eucalyptus-client";
import { type Inputs, type Problem, UNKNOWN } from "@planet/pulumi-plugin";
import type { EipAssociation, EipAssociationArgs } from "@pulumi/aws/ec2/eipAssociation.js";
import type { CloudContext } from "../cloudContext.ts";
import { ExplainedError } from "../errors.ts";
import type { CheckFacts, Handler, RulesOf, StateOf } from "../handler.ts";
import { flag, refused, region, text } from "../rules/inputRule.ts";
import { defined, flagIn, textIn, textOf } from "../values.ts";

/*
 * Who competes: the association of the old server and that of the new one. A replacement creates before it deletes, so
 * the create moves the address in one call (`allowReassociation`), and what is deleted at the end is already history.
 *
 * What guards. VPC: every move makes a new association id and kills the old one, so the late delete hits
 * `InvalidAssociationID.NotFound` and cannot touch the new association. EDGE: there is no id; an association is
 * "address:instance", and the delete looks first who holds the address. Between look and call lie milliseconds in which
 * somebody else's move would be undone; nothing on the wire closes that gap.
 *
 * What a crash leaves: the address moved or not moved. Associating the same pair again changes nothing.
 */

const inputs: RulesOf<EipAssociationArgs> = {
  allocationId: text({ replaces: true }),
  allowReassociation: flag(),
  instanceId: text({ required: true, replaces: true }),
  networkInterfaceId: refused("name the instance: the address goes to its interface"),
  privateIpAddress: refused("Eucalyptus ignores it: the address goes to the primary private one; remove it"),
  publicIp: text({ replaces: true }),
  region,
};

/** An elastic address on an instance. Id: the association id; in EDGE `address:instance`. */
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

  async create(cloud, { inputs: news }) {
    const instanceId = textOf(news, "instanceId");
    const address = await findWanted(cloud, news);
    refuseTheft(address, instanceId, flagIn(news, "allowReassociation") ?? false);
    const allowReassociation = flagIn(news, "allowReassociation") ?? false;
    const associationId = await cloud.ec2.associateAddress({ address, instanceId, allowReassociation });
    const live = await cloud.ec2.findAddress(address.publicAddress);
    if (associationId === "" && live?.instanceId !== instanceId) throw notMoved(address, instanceId, live);
    const id = associationId === "" ? edgeId(address.publicAddress, instanceId) : associationId;
    return { id, state: stateOf(live ?? address, instanceId, news, cloud.region) };
  },

  async read(cloud, { id, state, inputs: known }) {
    const live = await findAssociated(cloud, id, state ?? {});
    if (!live) return undefined;
    const news =
      known ?? defined({ publicIp: live.publicAddress, instanceId: live.instanceId, allowReassociation: true });
    const currentId = live.associationId === "" ? edgeId(live.publicAddress, live.instanceId) : live.associationId;
    return { id: currentId, inputs: news, state: stateOf(live, live.instanceId, news, cloud.region) };
  },

  /** Only `allowReassociation` can have changed, and the cloud does not keep it. */
  update: async (_cloud, { olds, news }) => ({ ...olds, ...news }),

  async delete({ ec2 }, { id }) {
    const edge = parseEdgeId(id);
    if (edge) {
      const live = await ec2.findAddress(edge.publicAddress);
      if (live?.instanceId === edge.instanceId) await ec2.disassociateAddress(edge.publicAddress);
      return;
    }
    try {
      await ec2.disassociateAddress(id);
    } catch (error) {
      // The create of our successor, or the end of the instance, already ended this association.
      if (!isCloudError(error, "InvalidAssociationID.NotFound")) throw error;
    }
  },
};

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
  throw new ExplainedError({
    code: "ADDRESS_UNKNOWN",
    what: `${id} cannot be put on ${textOf(news, "instanceId")}`,
    why: "it is not an elastic address of this account",
    next: "Allocate it (aws.ec2.Eip), or correct it; `euca-describe-addresses` lists what the account has.",
  });
}

/** EDGE does not look at `allowReassociation`, so we do, in both modes. */
function refuseTheft(address: Address, instanceId: string, allowReassociation: boolean) {
  const { instanceId: holder, publicAddress } = address;
  if (allowReassociation || holder === "" || holder === instanceId) return;
  throw new ExplainedError({
    code: "ADDRESS_TAKEN",
    what: `${publicAddress} was not put on ${instanceId}`,
    why: `${holder} holds it`,
    next: "Set allowReassociation to true to move it in one step.",
  });
}

function notMoved(address: Address, instanceId: string, live: Address | undefined): ExplainedError {
  return new ExplainedError({
    code: "ADDRESS_NOT_MOVED",
    what: `${address.publicAddress} is not on ${instanceId} although the cloud said so`,
    why: live?.instanceId ? `${live.instanceId} holds it now` : "nobody holds it",
    next: "Find out who else moves it, then run `npx pulumi up` again.",
  });
}

/** The live association of our pair, also under a newer id; undefined when somebody else or nobody holds the address. */
async function findAssociated({ ec2 }: CloudContext, id: string, state: Inputs): Promise<Address | undefined> {
  const edge = parseEdgeId(id);
  if (edge) {
    const live = await ec2.findAddress(edge.publicAddress);
    return live?.instanceId === edge.instanceId ? live : undefined;
  }
  const [exact] = await ec2.describeAddresses({ "association-id": [id] });
  if (exact) return exact;
  const publicAddress = textIn(state, "publicIp");
  const again = publicAddress === undefined ? undefined : await ec2.findAddress(publicAddress);
  return again && again.instanceId !== "" && again.instanceId === textOf(state, "instanceId") ? again : undefined;
}

export const edgeId = (publicAddress: string, instanceId: string) => `${publicAddress}:${instanceId}`;

export function parseEdgeId(id: string): { publicAddress: string; instanceId: string } | undefined {
  const [, publicAddress = "", instanceId = ""] = /^([\d.]+):(i-[0-9a-f]+)$/.exec(id) ?? [];
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
