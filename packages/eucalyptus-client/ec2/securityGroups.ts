import type { IpPermission, SecurityGroup as SdkGroup } from "@aws-sdk/client-ec2";
import { needed } from "../http/foreignAnswer.ts";
import { nothing } from "../http/nothing.ts";
import { type FILTER_NAMES, type Filters, sdkFilters } from "./filters.ts";
import type { Send } from "./send.ts";
import { tagMap } from "./tags.ts";

/**
 * One rule as the cloud keeps it: identity is protocol, ports and the *set* of sources, and it can only be revoked as a
 * whole. Authorise with one source each; foreign rules may have several.
 */
export interface Permission {
  /** `tcp`, `udp`, `icmp`, a number, or `-1` for all. */
  readonly protocol: string;
  readonly fromPort?: number | undefined;
  readonly toPort?: number | undefined;
  readonly cidrs: readonly { readonly cidr: string; readonly description?: string | undefined }[];
  /** With groups the cloud drops the CIDRs: never give both. */
  readonly groups: readonly {
    readonly groupId: string;
    readonly ownerId?: string | undefined;
    readonly description?: string | undefined;
  }[];
}

export interface SecurityGroup {
  readonly groupId: string;
  readonly name: string;
  readonly description: string;
  /** "" in EDGE. */
  readonly vpcId: string;
  readonly ownerId: string;
  readonly ingress: readonly Permission[];
  /** Empty in EDGE, where everything may leave. */
  readonly egress: readonly Permission[];
  readonly tags: Readonly<Record<string, string>>;
}

export type Direction = "ingress" | "egress";

type GroupFilter = (typeof FILTER_NAMES)["securityGroups"][number];

export function securityGroupCalls(send: Send) {
  return {
    /** Order: by id. */
    describeSecurityGroups: (filters: Filters<GroupFilter>): Promise<SecurityGroup[]> =>
      send(
        "DescribeSecurityGroups",
        (sdk) => new sdk.DescribeSecurityGroupsCommand(sdkFilters(filters)),
        ({ SecurityGroups = [] }) => SecurityGroups.map(fromSdk).toSorted((a, b) => a.groupId.localeCompare(b.groupId)),
      ),

    async findSecurityGroup(groupId: string): Promise<SecurityGroup | undefined> {
      const [group] = await this.describeSecurityGroups({ "group-id": [groupId] });
      return group;
    },

    createSecurityGroup: (wanted: {
      name: string;
      description: string;
      vpcId?: string | undefined;
    }): Promise<string> => {
      const { name: GroupName, description: Description, vpcId: VpcId } = wanted;
      return send(
        "CreateSecurityGroup",
        (sdk) => new sdk.CreateSecurityGroupCommand({ GroupName, Description, VpcId }),
        ({ GroupId }) => needed(GroupId, "groupId"),
      );
    },

    async deleteSecurityGroup(groupId: string): Promise<void> {
      await send("DeleteSecurityGroup", (sdk) => new sdk.DeleteSecurityGroupCommand({ GroupId: groupId }), nothing);
    },

    /** False when one of the rules existed already: then *none* was added. */
    async authorize(direction: Direction, groupId: string, permissions: readonly Permission[]): Promise<boolean> {
      const request = { GroupId: groupId, IpPermissions: permissions.map(toSdk) };
      return direction === "ingress"
        ? send(
            "AuthorizeSecurityGroupIngress",
            (sdk) => new sdk.AuthorizeSecurityGroupIngressCommand(request),
            ({ Return }) => needed(Return, "return"),
          )
        : send(
            "AuthorizeSecurityGroupEgress",
            (sdk) => new sdk.AuthorizeSecurityGroupEgressCommand(request),
            ({ Return }) => needed(Return, "return"),
          );
    },

    /** Give rules exactly as described; what does not match is ignored and counts as success. */
    async revoke(direction: Direction, groupId: string, permissions: readonly Permission[]): Promise<void> {
      const request = { GroupId: groupId, IpPermissions: permissions.map(toSdk) };
      if (direction === "ingress") {
        await send("RevokeSecurityGroupIngress", (sdk) => new sdk.RevokeSecurityGroupIngressCommand(request), nothing);
      } else {
        await send("RevokeSecurityGroupEgress", (sdk) => new sdk.RevokeSecurityGroupEgressCommand(request), nothing);
      }
    },
  };
}

function toSdk({ protocol, fromPort, toPort, cidrs, groups }: Permission): IpPermission {
  return {
    IpProtocol: protocol,
    FromPort: fromPort,
    ToPort: toPort,
    ...(cidrs.length > 0 && {
      IpRanges: cidrs.map(({ cidr, description }) => ({ CidrIp: cidr, Description: description })),
    }),
    ...(groups.length > 0 && {
      UserIdGroupPairs: groups.map(({ groupId, ownerId, description }) => ({
        GroupId: groupId,
        UserId: ownerId,
        Description: description,
      })),
    }),
  };
}

function fromSdk(group: SdkGroup): SecurityGroup {
  return {
    groupId: needed(group.GroupId, "groupId"),
    name: needed(group.GroupName, "groupName"),
    description: group.Description ?? "",
    vpcId: group.VpcId ?? "",
    ownerId: group.OwnerId ?? "",
    ingress: (group.IpPermissions ?? []).map(permissionFromSdk),
    egress: (group.IpPermissionsEgress ?? []).map(permissionFromSdk),
    tags: tagMap(group.Tags),
  };
}

function permissionFromSdk(permission: IpPermission): Permission {
  return {
    protocol: needed(permission.IpProtocol, "ipProtocol"),
    fromPort: permission.FromPort,
    toPort: permission.ToPort,
    cidrs: (permission.IpRanges ?? []).map(({ CidrIp = "", Description }) => ({
      cidr: CidrIp,
      description: Description,
    })),
    groups: (permission.UserIdGroupPairs ?? []).map(({ GroupId = "", UserId, Description }) => ({
      groupId: GroupId,
      ownerId: UserId,
      description: Description,
    })),
  };
}
