import type { LaunchConfiguration, ScalingGroup } from "../autoscaling/types.ts";
import type { LoadBalancer } from "../elb/types.ts";
import type { ImageName } from "../machine/images.ts";
import type { Bucket, Upload } from "../s3/types.ts";

export type CloudMode = "edge" | "vpc";

/** `4.4`: also a 5.x cloud that was upgraded from it, which keeps its instance types. */
export type CloudVersion = "4.4" | "5.1";

/** All that the cloud knows; what is in the state file. Nothing here is a function or refers to another part. */
export interface WorldState {
  readonly mode: CloudMode;
  /** Absent: a cloud made before there was a choice, which offers all types. */
  readonly version?: CloudVersion;
  /** Random per cloud: ids follow from it and `counter`, so a reset cloud never repeats an old id. */
  readonly seed: string;
  counter: number;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly instances: Map<string, Instance>;
  /** By public address. */
  readonly addresses: Map<string, Address>;
  readonly groups: Map<string, SecurityGroup>;
  readonly keyPairs: Map<string, KeyPair>;
  /** By resource id. */
  readonly tags: Map<string, Map<string, string>>;
  readonly buckets: Map<string, Bucket>;
  readonly uploads: Map<string, Upload>;
  readonly loadBalancers: Map<string, LoadBalancer>;
  /** When, by name in lower case. EDGE alone remembers them. */
  readonly deletedBalancers: Map<string, string>;
  readonly launchConfigurations: Map<string, LaunchConfiguration>;
  readonly scalingGroups: Map<string, ScalingGroup>;
  readonly vpc?: Vpc;
}

export type InstanceStateName = "pending" | "running" | "shutting-down" | "terminated";

export interface Instance {
  readonly instanceId: string;
  readonly reservationId: string;
  readonly launchIndex: number;
  readonly clientToken: string | undefined;
  readonly imageId: string;
  readonly imageName: ImageName;
  readonly instanceType: string;
  readonly keyName: string | undefined;
  /** The key line as it was at launch: deleting the pair later changes nothing. */
  readonly publicKey: string | undefined;
  /** Base64. */
  readonly userData: string | undefined;
  readonly launchTime: string;
  readonly privateAddress: string;
  readonly macAddress: string;
  /** Launched with a public address: only then a system address is given back after an elastic one has left. */
  readonly wantsPublicAddress: boolean;
  readonly networkInterfaceId: string | undefined;
  readonly attachmentId: string | undefined;
  monitoring: boolean;
  groupIds: readonly string[];
  state: InstanceStateName;
  reason: string;
  systemAddress: string | undefined;
  terminatedAt: string | undefined;
  /** Hidden from every description by a second termination; the cloud still knows it. */
  hidden?: boolean;
  disableApiTermination: boolean;
  sourceDestCheck: boolean;
  /** Restarts asked for and not yet done. */
  reboots: number;
}

export interface Address {
  readonly publicAddress: string;
  readonly domain: "standard" | "vpc";
  readonly allocationId: string | undefined;
  /** VPC only; a new one each time the address moves. */
  associationId: string | undefined;
  instanceId: string | undefined;
  /** When it was put on its instance. */
  associatedAt?: string | undefined;
}

export interface SecurityGroup {
  readonly groupId: string;
  readonly groupName: string;
  readonly description: string;
  readonly vpcId: string | undefined;
  ingress: readonly Rule[];
  egress: readonly Rule[];
}

/** One element of `IpPermissions.N`; never merged with another, never split. */
export interface Rule {
  readonly protocol: string;
  readonly fromPort: number | undefined;
  readonly toPort: number | undefined;
  readonly ranges: readonly { readonly cidr: string; readonly description: string | undefined }[];
  readonly groups: readonly SourceGroup[];
}

interface SourceGroup {
  readonly groupId: string;
  readonly description: string | undefined;
  /** As it was when the rule was made: a group that is gone is still shown by its name. */
  readonly groupName?: string;
  /** Given without an id or owner; the cloud then shows no owner. */
  readonly byName?: boolean;
}

export interface KeyPair {
  readonly keyName: string;
  readonly fingerprint: string;
  /** `ssh-rsa …` */
  readonly publicKey: string;
}

export interface Vpc {
  readonly vpcId: string;
  readonly subnetId: string;
  readonly dhcpOptionsId: string;
  readonly cidr: string;
}
