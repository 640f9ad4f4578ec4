import type { Instance as SdkInstance } from "@aws-sdk/client-ec2";
import { IncompleteAnswer, needed } from "../http/foreignAnswer.ts";
import { nothing } from "../http/nothing.ts";
import { type Filters, sdkFilters } from "./filters.ts";
import type { Send } from "./send.ts";
import { tagMap } from "./tags.ts";

const STATES = ["pending", "running", "shutting-down", "terminated", "stopping", "stopped"] as const;

export type InstanceState = (typeof STATES)[number];

/** Whether it starts or serves; a stopped one does neither. */
export function isLiving({ state }: Pick<Instance, "state">): boolean {
  return state === "pending" || state === "running";
}

export interface Instance {
  /** `i-` + 8 or 17 hex digits. */
  readonly instanceId: string;
  readonly state: InstanceState;
  /** Why it is in that state, `USER_TERMINATED: User terminated. -- []`. */
  readonly reason: string;
  readonly imageId: string;
  readonly instanceType: string;
  readonly keyName: string;
  readonly availabilityZone: string;
  /** "" until known and after the end. */
  readonly privateAddress: string;
  /** "" without one: also in EDGE, where the wire then repeats the private address. */
  readonly publicAddress: string;
  readonly privateDns: string;
  readonly publicDns: string;
  readonly subnetId: string;
  readonly vpcId: string;
  readonly securityGroups: readonly { readonly id: string; readonly name: string }[];
  readonly networkInterfaceId: string;
  readonly clientToken: string;
  readonly iamInstanceProfileArn: string;
  readonly ownerId: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** What RunInstances takes here and makes sense for one instance. */
export interface Launch {
  readonly imageId: string;
  /** The answer to a repeated call with the same token is the same instance, whatever else is asked for. */
  readonly clientToken: string;
  readonly instanceType?: string | undefined;
  readonly keyName?: string | undefined;
  /** At most 16,384 bytes. */
  readonly userData?: Uint8Array | undefined;
  readonly securityGroupIds?: readonly string[] | undefined;
  readonly securityGroupNames?: readonly string[] | undefined;
  readonly availabilityZone?: string | undefined;
  readonly subnetId?: string | undefined;
  readonly privateAddress?: string | undefined;
  /** VPC only; undefined leaves it to the subnet. */
  readonly publicAddress?: boolean | undefined;
  readonly disableApiTermination?: boolean | undefined;
  readonly iamInstanceProfile?: string | undefined;
}

type InstanceFilter = "client-token" | "instance.group-id" | "instance-id" | "instance-state-name" | "tag-key";

export function instanceCalls(send: Send) {
  return {
    /** A filter on ids reads "gone" as empty; an id list would be an error. Order: by id. */
    describeInstances: (filters: Filters<InstanceFilter>): Promise<Instance[]> =>
      send(
        "DescribeInstances",
        (sdk) => new sdk.DescribeInstancesCommand(sdkFilters(filters)),
        ({ Reservations = [] }) =>
          Reservations.flatMap(({ Instances = [], OwnerId = "" }) =>
            Instances.map((instance) => fromSdk(instance, OwnerId)),
          ).toSorted((a, b) => a.instanceId.localeCompare(b.instanceId)),
      ),

    /** One instance, in whatever state the cloud still shows it (terminated ones for an hour). */
    async findInstance(instanceId: string): Promise<Instance | undefined> {
      const [instance] = await this.describeInstances({ "instance-id": [instanceId] });
      return instance;
    },

    runInstance: (launch: Launch): Promise<Instance> =>
      send(
        "RunInstances",
        (sdk) => new sdk.RunInstancesCommand(runRequest(launch)),
        ({ Instances, OwnerId = "" }) => {
          const instance = Instances?.[0];
          if (!instance) throw new IncompleteAnswer("it names no instance");
          return fromSdk(instance, OwnerId);
        },
      ),

    /** A second call on a terminated instance makes it vanish from descriptions. */
    async terminateInstance(instanceId: string): Promise<void> {
      await send(
        "TerminateInstances",
        (sdk) => new sdk.TerminateInstancesCommand({ InstanceIds: [instanceId] }),
        ({ TerminatingInstances = [] }) => {
          if (TerminatingInstances.some(({ InstanceId }) => InstanceId === instanceId)) return;
          throw new IncompleteAnswer(`it does not name ${instanceId}`);
        },
      );
    },

    /** The bytes given at launch; undefined without user-data. */
    readUserData: (instanceId: string): Promise<Buffer | undefined> =>
      send(
        "DescribeInstanceAttribute",
        (sdk) => new sdk.DescribeInstanceAttributeCommand({ InstanceId: instanceId, Attribute: "userData" }),
        ({ UserData: { Value = "" } = {} }) => (Value === "" ? undefined : Buffer.from(Value, "base64")),
      ),

    readTerminationDisabled: (instanceId: string): Promise<boolean> =>
      send(
        "DescribeInstanceAttribute",
        (sdk) =>
          new sdk.DescribeInstanceAttributeCommand({ InstanceId: instanceId, Attribute: "disableApiTermination" }),
        ({ DisableApiTermination }) => needed(DisableApiTermination?.Value, "disableApiTermination"),
      ),

    /** One attribute a call: the cloud applies the first it finds and ignores the rest. */
    async setTerminationDisabled(instanceId: string, value: boolean): Promise<void> {
      const request = { InstanceId: instanceId, DisableApiTermination: { Value: value } };
      await send("ModifyInstanceAttribute", (sdk) => new sdk.ModifyInstanceAttributeCommand(request), nothing);
    },

    /** VPC only; replaces the whole set. */
    async setSecurityGroups(instanceId: string, groupIds: readonly string[]): Promise<void> {
      const request = { InstanceId: instanceId, Groups: [...groupIds] };
      await send("ModifyInstanceAttribute", (sdk) => new sdk.ModifyInstanceAttributeCommand(request), nothing);
    },

    /** What the instance wrote to its console so far. A 500 while it is not running. */
    readConsole: (instanceId: string): Promise<string> =>
      send(
        "GetConsoleOutput",
        (sdk) => new sdk.GetConsoleOutputCommand({ InstanceId: instanceId }),
        ({ Output = "" }) => Buffer.from(Output, "base64").toString("utf8"),
      ),
  };
}

function runRequest(launch: Launch) {
  const ids = launch.securityGroupIds?.length ? [...launch.securityGroupIds] : undefined;
  const names = launch.securityGroupNames?.length ? [...launch.securityGroupNames] : undefined;
  // A wish about the public address needs an interface, and instance-level subnet, groups and address exclude one.
  const network =
    launch.publicAddress === undefined
      ? { SubnetId: launch.subnetId, SecurityGroupIds: ids, PrivateIpAddress: launch.privateAddress }
      : {
          NetworkInterfaces: [
            {
              DeviceIndex: 0,
              DeleteOnTermination: true,
              AssociatePublicIpAddress: launch.publicAddress,
              SubnetId: launch.subnetId,
              Groups: ids,
              PrivateIpAddress: launch.privateAddress,
            },
          ],
        };
  return {
    ImageId: launch.imageId,
    MinCount: 1, // both counts are 0 by default here
    MaxCount: 1,
    ClientToken: launch.clientToken,
    InstanceType: launch.instanceType as SdkInstance["InstanceType"],
    KeyName: launch.keyName,
    UserData: launch.userData && Buffer.from(launch.userData).toString("base64"),
    SecurityGroups: names,
    Placement: launch.availabilityZone === undefined ? undefined : { AvailabilityZone: launch.availabilityZone },
    DisableApiTermination: launch.disableApiTermination,
    IamInstanceProfile: launch.iamInstanceProfile === undefined ? undefined : { Name: launch.iamInstanceProfile },
    ...network,
  };
}

function fromSdk(instance: SdkInstance, ownerId: string): Instance {
  const privateAddress = knownAddress(instance.PrivateIpAddress);
  const publicAddress = knownAddress(instance.PublicIpAddress);
  return {
    instanceId: needed(instance.InstanceId, "instanceId"),
    state: needed(
      STATES.find((state) => state === instance.State?.Name),
      "instanceState that is known",
    ),
    reason: instance.StateTransitionReason ?? "",
    imageId: instance.ImageId ?? "",
    instanceType: instance.InstanceType ?? "",
    keyName: instance.KeyName ?? "",
    availabilityZone: instance.Placement?.AvailabilityZone ?? "",
    privateAddress,
    publicAddress: publicAddress === privateAddress ? "" : publicAddress,
    privateDns: knownAddress(instance.PrivateDnsName),
    publicDns: knownAddress(instance.PublicDnsName),
    subnetId: instance.SubnetId ?? "",
    vpcId: instance.VpcId ?? "",
    securityGroups: (instance.SecurityGroups ?? []).map(({ GroupId = "", GroupName = "" }) => ({
      id: GroupId,
      name: GroupName,
    })),
    networkInterfaceId: instance.NetworkInterfaces?.[0]?.NetworkInterfaceId ?? "",
    clientToken: instance.ClientToken ?? "",
    iamInstanceProfileArn: instance.IamInstanceProfile?.Arn ?? "",
    ownerId,
    tags: tagMap(instance.Tags),
  };
}

/** `0.0.0.0` is how the cloud says "not yet". */
function knownAddress(address: string | undefined): string {
  return address === undefined || address === "0.0.0.0" ? "" : address;
}
