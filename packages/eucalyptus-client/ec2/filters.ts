import type { Filter } from "@aws-sdk/client-ec2";

/** Names to accepted values. A name that the cloud does not know is a 500, so the lists below are what may be sent. */
export type Filters<Name extends string = string> = Partial<Record<Name | `tag:${string}`, readonly string[]>>;

/** Source of these lists: Corymbia/eucalyptus `FilterSupport` of each type; names that match nothing are left out. */
export const FILTER_NAMES = {
  addresses: [
    "allocation-id",
    "association-id",
    "domain",
    "instance-id",
    "network-interface-id",
    "network-interface-owner-id",
    "private-ip-address",
    "public-ip",
    "tag-key",
    "tag-value",
  ],
  availabilityZones: ["region-name", "state", "zone-name"],
  images: [
    "architecture",
    "description",
    "image-id",
    "image-type",
    "is-public",
    "kernel-id",
    "manifest-location",
    "name",
    "owner-alias",
    "owner-id",
    "platform",
    "product-code",
    "ramdisk-id",
    "root-device-name",
    "root-device-type",
    "state",
    "virtualization-type",
    "tag-key",
    "tag-value",
  ],
  keyPairs: ["fingerprint", "key-name"],
  securityGroups: [
    "description",
    "group-id",
    "group-name",
    "ip-permission.cidr",
    "ip-permission.from-port",
    "ip-permission.group-id",
    "ip-permission.group-name",
    "ip-permission.protocol",
    "ip-permission.to-port",
    "ip-permission.user-id",
    "owner-id",
    "vpc-id",
    "tag-key",
    "tag-value",
  ],
} as const;

export type Filterable = keyof typeof FILTER_NAMES;

/** Whether the cloud knows the filter; key pairs and zones have no tags. */
export function isKnownFilter(of: Filterable, name: string): boolean {
  const names: readonly string[] = FILTER_NAMES[of];
  return names.includes(name) || (name.startsWith("tag:") && names.includes("tag-key"));
}

/** The SDK's shape; names without values are left out, since the cloud does not validate them. */
export function sdkFilters(filters: Filters): { Filters?: Filter[] } {
  const list = Object.entries(filters).flatMap(([Name, values]) =>
    values?.length ? [{ Name, Values: [...values] }] : [],
  );
  return list.length === 0 ? {} : { Filters: list };
}
