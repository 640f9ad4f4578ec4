import { groupDescription, keyPairName, serverTags } from "@planet/content/marks";
import { Group } from "@pulumi/aws/autoscaling/group.js";
import { Instance } from "@pulumi/aws/ec2/instance.js";
import { KeyPair } from "@pulumi/aws/ec2/keyPair.js";
import { LaunchConfiguration } from "@pulumi/aws/ec2/launchConfiguration.js";
import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup.js";
import * as pulumi from "@pulumi/pulumi";
import { type RenderedServer, type SecretVariable, type ServerFacts, withSecrets } from "../userdata/render.ts";

export interface ServerArgs extends RenderedServer {
  /** Image to boot, `emi-…` or `ami-…`. A change makes a new server, as does each of the next three. */
  readonly imageId: string;
  readonly instanceType: string;
  /** Empty for none. */
  readonly keyName: string;
  /** Made into the key pair {@link keyName} when given. */
  readonly publicKey?: string;
  readonly stack: string;
  /** Networks that may connect with SSH. Changes in place. */
  readonly sshFrom: readonly string[];
  /** Whether it is reached by HTTPS, too. */
  readonly hasHttps: boolean;
  /** What the server reads while it boots. */
  readonly needs: pulumi.Resource[];
  /** What belongs into the user-data in place of its placeholders. */
  readonly secrets: Readonly<Partial<Record<SecretVariable, pulumi.Output<string>>>>;
}

/** Where a group's servers come to their readers. */
export interface GroupArgs {
  /** How many servers. Changes in place. */
  readonly count: number;
  /** Name of the balancer that its servers are for. */
  readonly balancer: pulumi.Input<string>;
  /** Of the balancer: it takes servers in no other. */
  readonly zones: pulumi.Input<string[]>;
  /** Which servers are replaced: whose machine is gone, or also who does not answer the balancer. */
  readonly healing: "machine" | "page";
  readonly deadlineSeconds: number;
}

/**
 * What a server is made of: it configures itself from its user-data and the bucket. {@link one} starts it, {@link several} starts
 * a group of equal ones. Neither is in service by itself, so that a new one is ready before traffic moves; see PublicAddress and
 * Traffic. The old one is deleted last, and only when all else went well.
 */
export class Server extends pulumi.ComponentResource {
  readonly #name: string;
  readonly #args: ServerArgs;
  readonly #groups: pulumi.Output<string>[];
  readonly #keyName: pulumi.Input<string> | undefined;
  readonly #userData: pulumi.Input<string>;

  constructor(name: string, args: ServerArgs, opts: pulumi.ComponentResourceOptions) {
    // The user-data without its secrets, for whoever reads a preview: the instance's own is one secret as a whole.
    super("planet:index:Server", name, { userData: args.userData }, opts);
    this.#name = name;
    this.#args = args;
    const groups = [createGroup(this, name, args), ...(args.hasHttps ? [createHttpsGroup(this, name, args)] : [])];
    this.#groups = groups.map(({ id }) => id);
    this.#keyName = createKey(this, name, args);
    this.#userData = userDataOf(args);
    this.registerOutputs({});
  }

  /** One instance, which owns no address. Going back to earlier settings finds the one that still runs. */
  one(): Instance {
    const { release, imageId, instanceType, stack, needs } = this.#args;
    return new Instance(
      // Never `protect` it: that stops the roll.
      `${this.#name}-${release}`,
      {
        ami: imageId,
        instanceType,
        ...(this.#keyName !== undefined && { keyName: this.#keyName }),
        vpcSecurityGroupIds: this.#groups,
        userData: this.#userData,
        userDataReplaceOnChange: true, // the default restarts in place, and first boot never runs again
        tags: serverTags(stack, release),
      },
      { parent: this, dependsOn: needs },
    );
  }

  /**
   * A group that keeps so many of them alive, each out of the balancer until the group's attachment puts it in. Its members are
   * no state: a server that it has replaced is no difference.
   */
  several({ count, balancer, zones, healing, deadlineSeconds }: GroupArgs): Group {
    const { release, imageId, instanceType, stack, needs } = this.#args;
    const name = `${this.#name}-${release}`;
    const configuration = new LaunchConfiguration(
      `${name}-launch`,
      {
        imageId,
        instanceType,
        ...(this.#keyName !== undefined && { keyName: this.#keyName }),
        securityGroups: this.#groups,
        userData: this.#userData,
      },
      { parent: this },
    );
    const tags = Object.entries(serverTags(stack, release));
    return new Group(
      name,
      {
        launchConfiguration: configuration.name,
        ...{ minSize: count, maxSize: count, desiredCapacity: count },
        availabilityZones: zones,
        loadBalancers: [balancer],
        suspendedProcesses: ["AddToLoadBalancer"],
        // The cloud ends all that the balancer calls out of service at once, also when it is the balancer that reaches nobody.
        healthCheckType: healing === "page" ? "ELB" : "EC2",
        healthCheckGracePeriod: deadlineSeconds,
        waitForCapacityTimeout: `${deadlineSeconds}s`,
        tags: tags.map(([key, value]) => ({ key, value, propagateAtLaunch: true })),
      },
      { parent: this, dependsOn: needs, replaceOnChanges: ["launchConfiguration"] },
    );
  }
}

function userDataOf({ userData, secrets }: ServerArgs): pulumi.Input<string> {
  if (Object.keys(secrets).length === 0) return userData;
  return pulumi.secret(pulumi.all(secrets).apply((values) => withSecrets(userData, values)));
}

/**
 * The key pair's name is part of the release id, so it has to be known in a preview: given, or made of the public key.
 * Another public key is another name, and the new pair exists before the old one goes.
 */
export function keyNameOf(settings: { stack: string; keyName?: string; publicKey?: string }): ServerFacts["keyName"] {
  if (settings.publicKey === undefined) return settings.keyName ?? "";
  return keyPairName(settings.stack, settings.publicKey);
}

const EVERYWHERE = "0.0.0.0/0";

const open = (port: number, cidrBlocks: string[], description: string) => {
  return { protocol: "tcp", fromPort: port, toPort: port, cidrBlocks, description };
};

/** Its name is made up by the provider, because a replacement creates the new group before it deletes the old one. */
function createGroup(parent: Server, name: string, { stack, sshFrom }: ServerArgs): SecurityGroup {
  const ssh = sshFrom.length > 0 ? [open(22, [...new Set(sshFrom)].toSorted(), "ssh")] : [];
  // Without it a group in VPC mode lets nothing out, and a planet fetches feeds from anywhere.
  const egress = [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: [EVERYWHERE] }];
  return new SecurityGroup(
    `${name}-group`,
    { description: groupDescription(stack), ingress: [open(80, [EVERYWHERE], "http"), ...ssh], egress },
    { parent },
  );
}

/**
 * A group of its own for port 443: a program, or settings, without HTTPS delete it, and that comes after the server that is in it.
 * As a rule of the other group it would be closed at once, while readers still come to the old server.
 */
function createHttpsGroup(parent: Server, name: string, { stack }: ServerArgs): SecurityGroup {
  const ingress = [open(443, [EVERYWHERE], "https")];
  return new SecurityGroup(`${name}-https-group`, { description: groupDescription(stack), ingress }, { parent });
}

function createKey(parent: Server, name: string, args: ServerArgs): pulumi.Input<string> | undefined {
  if (args.publicKey === undefined) return args.keyName === "" ? undefined : args.keyName;
  const { keyName, publicKey } = args;
  return new KeyPair(`${name}-key-${keyName.slice(-8)}`, { keyName, publicKey }, { parent }).keyName;
}
