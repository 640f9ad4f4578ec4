import { imageId } from "@planet/local-cloud";
import type { Clients } from "./engineProject.ts";
import { sshLine } from "./sshLine.ts";

const KEY = sshLine(2048);

/** The types whose things have a name of the program's own, so that an older entry of the state can mean the same one. */
export const NATURAL = ["key", "group", "rule", "association", "bucket", "object", "objectv2"] as const;

/** One thing of each such type; `suffix` changes all logical names and nothing else. */
export function naturalProgram(suffix = ""): string {
  const name = (logical: string) => JSON.stringify(`${logical}${suffix}`);
  return `
new aws.ec2.KeyPair(${name("key")}, { keyName: "fixed", publicKey: ${JSON.stringify(KEY)} }, options);
const group = new aws.ec2.SecurityGroup(${name("group")}, { name: "fixed", description: "fixed" }, options);
new aws.ec2.SecurityGroupRule(${name("rule")}, {
  type: "ingress", securityGroupId: group.id, protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: ["10.0.0.0/8"],
}, options);
const server = new aws.ec2.Instance("server", { ami: "${imageId("debian-12-cloud-init")}", instanceType: "t2.small" }, options);
const address = new aws.ec2.Eip("address", {}, options);
new aws.ec2.EipAssociation(${name("association")}, {
  publicIp: address.publicIp, instanceId: server.id, allowReassociation: true,
}, options);
const bucket = new aws.s3.Bucket(${name("bucket")}, { bucket: "fixed" }, options);
new aws.s3.BucketObject(${name("object")}, { bucket: bucket.id, key: "one", content: "one" }, options);
new aws.s3.BucketObjectv2(${name("objectv2")}, { bucket: bucket.id, key: "two", content: "two" }, options);`;
}

/** What is there of them, in the cloud's own words. */
export async function naturalThings({ ec2, s3 }: Clients): Promise<Record<(typeof NATURAL)[number], boolean>> {
  const [group] = await ec2.describeSecurityGroups({ "group-name": ["fixed"] });
  const addresses = await ec2.describeAddresses({});
  return {
    key: (await ec2.findKeyPair("fixed")) !== undefined,
    group: group !== undefined,
    rule: group?.ingress.length === 1,
    association: addresses.every(({ instanceId }) => instanceId !== ""),
    bucket: (await s3.listBuckets()).includes("fixed"),
    object: (await s3.headObject("fixed", "one")) !== undefined,
    objectv2: (await s3.headObject("fixed", "two")) !== undefined,
  };
}

/** The urns of the things, as the command line takes them. */
export const naturalUrns = (stack: string, suffix = ""): string[] =>
  Object.entries(TOKENS).map(([logical, token]) => `urn:pulumi:${stack}::provider-test::${token}::${logical}${suffix}`);

const TOKENS: Readonly<Record<(typeof NATURAL)[number], string>> = {
  key: "aws:ec2/keyPair:KeyPair",
  group: "aws:ec2/securityGroup:SecurityGroup",
  rule: "aws:ec2/securityGroupRule:SecurityGroupRule",
  association: "aws:ec2/eipAssociation:EipAssociation",
  bucket: "aws:s3/bucket:Bucket",
  object: "aws:s3/bucketObject:BucketObject",
  objectv2: "aws:s3/bucketObjectv2:BucketObjectv2",
};
