import type { Element } from "../http/members.ts";
import { nothing } from "../http/nothing.ts";
import type { Send } from "./send.ts";

/** How an Auto Scaling group starts its members. It cannot change, and has no tags. */
export interface LaunchConfiguration {
  readonly name: string;
  readonly imageId: string;
  readonly instanceType: string;
  /** "" without one. */
  readonly keyName: string;
  readonly securityGroupIds: readonly string[];
  /** At most 16,384 bytes, which the cloud checks at a launch only. */
  readonly userData: Buffer | undefined;
  readonly isMonitored: boolean;
  /** A name or an ARN; "" without one. */
  readonly iamInstanceProfile: string;
  /** VPC only: in EDGE every launch would fail. Undefined leaves it to the subnet. */
  readonly publicAddress: boolean | undefined;
}

/** As the cloud has it. */
export interface MadeLaunchConfiguration extends LaunchConfiguration {
  readonly arn: string;
}

export function launchConfigurationCalls(send: Send) {
  return {
    /** Unknown ones are left out. */
    describeLaunchConfigurations: (names: readonly string[] = []): Promise<MadeLaunchConfiguration[]> =>
      send("DescribeLaunchConfigurations", { LaunchConfigurationNames: names }, (result) =>
        result
          .members("LaunchConfigurations")
          .map(fromWire)
          .toSorted((a, b) => a.name.localeCompare(b.name)),
      ),

    async findLaunchConfiguration(name: string): Promise<MadeLaunchConfiguration | undefined> {
      const found = await this.describeLaunchConfigurations([name]);
      return found.find((configuration) => configuration.name === name);
    },

    /** Image, type, key, groups and profile have to exist. A name that is taken is AlreadyExists, whatever the content. */
    async createLaunchConfiguration(wanted: LaunchConfiguration): Promise<void> {
      const inputs = {
        LaunchConfigurationName: wanted.name,
        ImageId: wanted.imageId,
        InstanceType: wanted.instanceType,
        KeyName: wanted.keyName === "" ? undefined : wanted.keyName,
        SecurityGroups: wanted.securityGroupIds,
        UserData: wanted.userData?.toString("base64"),
        InstanceMonitoring: { Enabled: wanted.isMonitored },
        IamInstanceProfile: wanted.iamInstanceProfile === "" ? undefined : wanted.iamInstanceProfile,
        AssociatePublicIpAddress: wanted.publicAddress,
      };
      await send("CreateLaunchConfiguration", inputs, nothing);
    },

    /** An unknown one is 200; ResourceInUse as long as a group names it. */
    async deleteLaunchConfiguration(name: string): Promise<void> {
      await send("DeleteLaunchConfiguration", { LaunchConfigurationName: name }, nothing);
    },
  };
}

function fromWire(element: Element): MadeLaunchConfiguration {
  const userData = element.text("UserData");
  return {
    name: element.needed("LaunchConfigurationName"),
    arn: element.needed("LaunchConfigurationARN"),
    imageId: element.needed("ImageId"),
    instanceType: element.needed("InstanceType"),
    keyName: element.text("KeyName"),
    securityGroupIds: element.texts("SecurityGroups").toSorted(),
    userData: userData === "" ? undefined : Buffer.from(userData, "base64"),
    isMonitored: element.in("InstanceMonitoring").flag("Enabled"),
    iamInstanceProfile: element.text("IamInstanceProfile"),
    publicAddress:
      element.text("AssociatePublicIpAddress") === "" ? undefined : element.flag("AssociatePublicIpAddress"),
  };
}
