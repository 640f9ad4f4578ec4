import { messageOf } from "@planet/errors";
import { type Address, isCloudError } from "@planet/eucalyptus-client";
import { InitializationError, type Inputs, type Problem } from "@planet/pulumi-plugin";
import type { Eip, EipArgs } from "@pulumi/aws/ec2/eip.js";
import type { CloudContext } from "../cloudContext.ts";
import type { CheckFacts, Handler, RulesOf, StateOf } from "../handler.ts";
import { inDoubt } from "../inDoubt.ts";
import { ProviderError } from "../providerError.ts";
import { refused, region, text } from "../rules/inputRule.ts";
import { syncTags, tags, visibleTags } from "../rules/tags.ts";
import { defined, refreshed, textIn, textOf, unknowns } from "../values.ts";
import { waitUntil } from "../waitUntil.ts";
import { addressKey } from "./eipAssociation.ts";

const ASSOCIATE = "an address is put on an instance by aws.ec2.EipAssociation, which moves it in one call; remove it";
const NO_POOLS = "Eucalyptus has one pool of addresses; remove it";
/** A disassociation and the end of an instance are seen within seconds. */
const FREE_SECONDS = 60;

const inputs: RulesOf<EipArgs> = {
  address: text({ replaces: true, computed: true }),
  associateWithPrivateIp: refused(ASSOCIATE),
  customerOwnedIpv4Pool: refused(NO_POOLS),
  domain: text({ replaces: true, computed: true }),
  instance: refused(ASSOCIATE),
  ipamPoolId: refused(NO_POOLS),
  networkBorderGroup: refused("Eucalyptus has no border groups; remove it"),
  networkInterface: refused(ASSOCIATE),
  publicIpv4Pool: refused(NO_POOLS, ["amazon"]),
  region,
  tags,
};

/** An elastic address of the account. Id: the allocation id; in EDGE, which has none, the address itself. */
export const eip: Handler = {
  token: "aws:ec2/eip:Eip",
  inputs,
  stables: ["allocationId", "arn", "domain", "publicDns", "publicIp"],
  problems,

  preview(news, { mode, region: ours }) {
    const later = ["address", "arn", "publicDns", "publicIp", ...(mode === "vpc" ? ["allocationId"] : [])];
    return {
      ...NOT_ASSOCIATED,
      allocationId: "",
      domain: domainOf(mode),
      region: ours,
      tagsAll: news.tags ?? {},
      ...unknowns(later),
      ...news,
    };
  },

  async create(cloud, { inputs: news }) {
    const { publicAddress, allocationId } = await allocate(cloud, textIn(news, "address"));
    const id = allocationId === "" ? publicAddress : allocationId;
    try {
      await syncTags(cloud, id, { live: {}, olds: undefined, news: news.tags });
      return { id, state: await stateOf(cloud, await findAgain(cloud, id), news) };
    } catch (error) {
      const state = { ...news, publicIp: publicAddress, allocationId };
      throw new InitializationError({ id, state, reasons: [messageOf(error)] }, { cause: error });
    }
  },

  async read(cloud, { id, inputs: known }) {
    const live = await cloud.ec2.findAddress(id);
    if (!live) return undefined;
    const imported: Inputs = Object.keys(live.tags).length === 0 ? {} : { tags: visibleTags(live.tags) };
    const news = known ?? imported;
    const observed = { address: live.publicAddress, domain: live.domain, tags: visibleTags(live.tags) };
    return {
      id: idOf(live),
      state: await stateOf(cloud, live, news),
      inputs: { ...news, ...refreshed(news, observed) },
    };
  },

  previewUpdate: (_cloud, { news }) => ({ tagsAll: news.tags ?? {} }),

  async update(cloud, { id, oldInputs, news }) {
    const live = await findAgain(cloud, id);
    await syncTags(cloud, id, { live: live.tags, olds: oldInputs.tags, news: news.tags });
    return stateOf(cloud, await findAgain(cloud, id), news);
  },

  async delete(cloud, { urn, id, state }) {
    cloud.run.giveUp(addressKey(textOf(state, "publicIp")));
    // The cloud would release an address in use without a word in EDGE: look first, in both modes.
    const next = "It was not released. Move or end what holds it, then run the command again.";
    const { address } = await waitUntil(
      cloud,
      { urn, what: `${id} was free`, seconds: FREE_SECONDS, next },
      async () => {
        const live = await cloud.ec2.findAddress(id);
        const holder = live && (live.instanceId || live.networkInterfaceId);
        return holder ? `${live.publicAddress} is held by ${holder}` : { address: live };
      },
    );
    if (address) await release(cloud, address);
  },
};

/**
 * An allocation that ended in doubt may have been made, and nothing on the wire ties it to us: the one free address that
 * the account did not have before is it.
 */
async function allocate(
  cloud: CloudContext,
  publicAddress: string | undefined,
): Promise<Pick<Address, "publicAddress" | "allocationId">> {
  const { ec2 } = cloud;
  const before = new Set((await ec2.describeAddresses({})).map((address) => address.publicAddress));
  return inDoubt(
    cloud,
    () => ec2.allocateAddress({ publicAddress }),
    async () => {
      const fresh = (await ec2.describeAddresses({})).filter((address) => !before.has(address.publicAddress));
      const [only, ...more] = fresh.filter(({ instanceId }) => instanceId === "");
      return more.length === 0 ? only : undefined;
    },
  );
}

async function release(cloud: CloudContext, address: Address): Promise<void> {
  const isGone = async () => ((await cloud.ec2.findAddress(idOf(address))) ? undefined : true);
  try {
    await inDoubt(cloud, () => cloud.ec2.releaseAddress(address).then(() => true), isGone);
  } catch (error) {
    // Both codes mean gone: Corymbia/eucalyptus `AddressManager.java` uses the first where AWS has the second.
    if (!isCloudError(error, "InvalidAddressID.NotFound", "InvalidAllocationID.NotFound")) throw error;
  }
}

function problems(news: Inputs, { mode }: CheckFacts): Problem[] {
  if (!mode) return [];
  const found: Problem[] = [];
  const domain = textIn(news, "domain");
  if (domain !== undefined && domain !== domainOf(mode)) {
    const reason = `must be "${domainOf(mode)}" on this cloud, which is in ${mode.toUpperCase()} mode, or left out`;
    found.push({ property: "domain", reason });
  }
  if (mode === "edge" && news.tags !== undefined) {
    found.push({ property: "tags", reason: "an address has no id in EDGE mode and cannot be tagged; remove it" });
  }
  return found;
}

const domainOf = (mode: CloudContext["mode"]) => (mode === "edge" ? "standard" : "vpc");
const idOf = ({ allocationId, publicAddress }: Address) => (allocationId === "" ? publicAddress : allocationId);

async function findAgain({ ec2 }: CloudContext, id: string): Promise<Address> {
  const live = await ec2.findAddress(id);
  if (live) return live;
  throw new ProviderError({
    code: "ADDRESS_GONE",
    what: `the elastic address ${id} is not there`,
    why: "it was released outside of this stack",
    next: "Run `pulumi up`: it notices that and allocates another one.",
  });
}

/** What an address is that nobody holds; and what a new one is in a preview. */
const NOT_ASSOCIATED = {
  associationId: "",
  carrierIp: "",
  customerOwnedIp: "",
  instance: "",
  networkInterface: "",
  privateDns: "",
  privateIp: "",
  ptrRecord: "",
  publicIpv4Pool: "",
} as const satisfies StateOf<Eip>;

async function stateOf(cloud: CloudContext, live: Address, news: Inputs): Promise<Inputs> {
  const account = await cloud.accountId();
  const observed: StateOf<Eip> = {
    ...NOT_ASSOCIATED,
    address: live.publicAddress,
    allocationId: live.allocationId,
    arn: `arn:aws:ec2:${cloud.region}:${account}:elastic-ip/${idOf(live)}`,
    associationId: live.associationId,
    domain: live.domain,
    instance: live.instanceId,
    networkInterface: live.networkInterfaceId,
    privateIp: live.privateAddress,
    publicDns: live.publicAddress,
    publicIp: live.publicAddress,
    region: cloud.region,
    tagsAll: visibleTags(live.tags),
  };
  return { ...news, ...defined(observed) };
}
