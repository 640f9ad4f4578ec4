import { isCloudError, type KeyPair as LiveKeyPair } from "@planet/eucalyptus-client";
import { type Inputs, UNKNOWN, type Value } from "@planet/pulumi-plugin";
import type { KeyPair, KeyPairArgs } from "@pulumi/aws/ec2/keyPair.js";
import type { CloudContext } from "../cloudContext.ts";
import type { Handler, RulesOf, StateOf } from "../handler.ts";
import { inDoubt } from "../inDoubt.ts";
import { ProviderError } from "../providerError.ts";
import { refused, region, text } from "../rules/inputRule.ts";
import { completeName, isSameFixedName } from "../rules/names.ts";
import { possibleFingerprints, problemWithPublicKey, samePublicKey } from "../rules/publicKey.ts";
import { defined, textOf } from "../values.ts";

/** What stands for the public key of an imported key pair: the cloud never gives it back. */
const NOT_READABLE = "";

const inputs: RulesOf<KeyPairArgs> = {
  keyName: text({ replaces: true, computed: true }),
  keyNamePrefix: text({ replaces: true, computed: true }),
  publicKey: text({
    required: true,
    replaces: true,
    problem: (value) => (value === NOT_READABLE ? undefined : problemWithPublicKey(value)),
    same: (old: Value, now: Value) => old === NOT_READABLE || samePublicKey(old, now),
  }),
  region,
  tags: refused("Eucalyptus cannot tag key pairs; remove it"),
};

/** A public key that new instances let in. Id: its name. Every change makes a new one. */
export const keyPair: Handler = {
  token: "aws:ec2/keyPair:KeyPair",
  inputs,
  stables: ["arn", "fingerprint", "keyName", "keyPairId", "keyType"],
  complete: (news, facts) => completeName(news, facts, { property: "keyName", prefix: "keyNamePrefix" }),
  problems: (news, { olds }) =>
    news.publicKey === NOT_READABLE && olds?.publicKey !== NOT_READABLE
      ? [{ property: "publicKey", reason: "is empty; give the line of your id_rsa.pub" }]
      : [],
  replacesInPlace: (olds, news) => isSameFixedName(olds.keyName, news.keyName),

  naturalKey: (id) => `key pair ${id}`,

  preview(news, { region: ours, run }) {
    run.announceKeyPair(textOf(news, "keyName"));
    return {
      arn: UNKNOWN,
      fingerprint: UNKNOWN,
      keyNamePrefix: "",
      keyPairId: "",
      keyType: "rsa",
      region: ours,
      tagsAll: {},
      ...news,
    };
  },

  async create(cloud, { inputs: news }) {
    const keyName = textOf(news, "keyName");
    const live = await importOrAdopt(cloud, keyName, textOf(news, "publicKey"));
    return { id: keyName, state: await stateOf(cloud, live, news) };
  },

  async read(cloud, { id, inputs: known }) {
    const live = await cloud.ec2.findKeyPair(id);
    if (!live) return undefined;
    const news = known ?? { keyName: id, publicKey: NOT_READABLE };
    return { id, inputs: news, state: await stateOf(cloud, live, news) };
  },

  /** Only the comment of the key can have changed, which the cloud does not have. */
  update: async (_cloud, { olds, news }) => ({ ...olds, ...news }),

  async delete(cloud, { id }) {
    const isGone = async () => ((await cloud.ec2.findKeyPair(id)) ? undefined : true);
    await inDoubt(cloud, () => cloud.ec2.deleteKeyPair(id).then(() => true), isGone);
  },
};

/** An interrupted run may have left the same key under this name; only then is an existing one taken. */
async function importOrAdopt(cloud: CloudContext, keyName: string, publicKey: string): Promise<LiveKeyPair> {
  const { ec2 } = cloud;
  const isOurs = ({ fingerprint }: LiveKeyPair) => possibleFingerprints(publicKey).includes(fingerprint.toLowerCase());
  const find = async () => {
    const live = await ec2.findKeyPair(keyName);
    return live && isOurs(live) ? live : undefined;
  };
  try {
    return await inDoubt(cloud, () => ec2.importKeyPair(keyName, publicKey), find);
  } catch (error) {
    if (!isCloudError(error, "InvalidKeyPair.Duplicate")) throw error;
    const live = await ec2.findKeyPair(keyName);
    if (live && isOurs(live)) return live;
    throw new ProviderError(
      {
        code: "KEY_PAIR_EXISTS",
        what: `the key pair "${keyName}" was not made`,
        why: `one of that name exists with another key (fingerprint ${live?.fingerprint ?? "not shown"})`,
        next: `Choose another keyName, or take it over: pulumi import aws:ec2/keyPair:KeyPair <name> ${keyName}`,
      },
      { cause: error },
    );
  }
}

async function stateOf(cloud: CloudContext, live: LiveKeyPair, news: Inputs): Promise<Inputs> {
  const observed: StateOf<KeyPair> = {
    arn: `arn:aws:ec2:${cloud.region}:${await cloud.accountId()}:key-pair/${live.keyName}`,
    fingerprint: live.fingerprint,
    keyName: live.keyName,
    keyNamePrefix: news.keyNamePrefix ?? "",
    keyPairId: "",
    keyType: "rsa",
    region: cloud.region,
    tagsAll: {},
  };
  return { ...news, ...defined(observed) };
}
