import { createHash } from "node:crypto";
import type { Instance } from "../world/types.ts";
import { ACCOUNT_ID, DNS_DOMAIN, REGION, type World, ZONE } from "../world/world.ts";

/** A directory or a value; `undefined` values are absent, as on the cloud. */
export interface MetadataTree {
  readonly [name: string]: string | MetadataTree | undefined;
}

/** `meta-data/` of one instance. Source: Corymbia/eucalyptus `VmInstanceMetadata.java`. Addresses stand for names. */
export function metadataTree(world: World, instance: Instance): MetadataTree {
  const { privateAddress, macAddress, keyName, publicKey } = instance;
  const publicAddress = world.publicAddressOf(instance) ?? (world.isVpc ? undefined : privateAddress);
  return {
    "ami-id": instance.imageId,
    "ami-launch-index": String(instance.launchIndex),
    "ami-manifest-path": `starter-emis/${instance.imageName}.img.manifest.xml`,
    "block-device-mapping": { ami: "ami", ephemeral0: "sda2", root: "/dev/ami" },
    hostname: publicAddress ?? privateAddress,
    "instance-id": instance.instanceId,
    "instance-type": instance.instanceType,
    "local-hostname": privateAddress,
    "local-ipv4": privateAddress,
    mac: macAddress,
    network: { interfaces: { macs: { [macAddress.toLowerCase()]: interfaceTree(world, instance, publicAddress) } } },
    placement: { "availability-zone": ZONE },
    "public-hostname": publicAddress,
    "public-ipv4": publicAddress,
    "public-keys":
      publicKey === undefined ? undefined : { [`0=${keyName}`]: { "openssh-key": authorizedKey(publicKey, keyName) } },
    "reservation-id": instance.reservationId,
    "security-groups": groupNames(world, instance),
    services: { domain: DNS_DOMAIN },
  };
}

/** The key's own comment gives way to the account and the pair's name. */
function authorizedKey(publicKey: string, keyName: string | undefined): string {
  const [type, key] = publicKey.split(/\s+/);
  return `${type} ${key} ${ACCOUNT_ID}@eucalyptus.${keyName}`;
}

function interfaceTree(world: World, instance: Instance, publicAddress: string | undefined): MetadataTree {
  const { vpc } = world.state;
  return {
    "device-number": "0",
    "local-hostname": instance.privateAddress,
    "local-ipv4s": instance.privateAddress,
    mac: instance.macAddress.toLowerCase(),
    "owner-id": ACCOUNT_ID,
    "public-hostname": publicAddress,
    "public-ipv4s": publicAddress,
    ...(vpc && {
      "interface-id": instance.networkInterfaceId,
      "ipv4-associations": publicAddress && { [publicAddress]: instance.privateAddress },
      "security-groups": groupNames(world, instance),
      "security-group-ids": instance.groupIds.join("\n"),
      "subnet-id": vpc.subnetId,
      "subnet-ipv4-cidr-block": vpc.cidr,
      "vpc-id": vpc.vpcId,
      "vpc-ipv4-cidr-block": vpc.cidr,
    }),
  };
}

const groupNames = (world: World, { groupIds }: Instance): string =>
  groupIds.map((id) => world.group(id)?.groupName ?? id).join("\n");

/** `dynamic/`. Nothing here is signed by anybody: the signature is a hash that looks like one. */
export function dynamicTree(instance: Instance): MetadataTree {
  const document = JSON.stringify(
    {
      accountId: ACCOUNT_ID,
      architecture: "x86_64",
      availabilityZone: ZONE,
      imageId: instance.imageId,
      instanceId: instance.instanceId,
      instanceType: instance.instanceType,
      pendingTime: instance.launchTime,
      privateIp: instance.privateAddress,
      region: REGION,
      version: "2010-08-31",
    },
    undefined,
    2,
  );
  const signature = createHash("sha256").update(document).digest("base64");
  return {
    fws: { "instance-monitoring": instance.monitoring ? "enabled" : "disabled" },
    "instance-identity": { document, pkcs7: signature, signature },
  };
}
