import { groupDescription, keyPairName, serverTags } from "@planet/content/marks";
import { Instance } from "@pulumi/aws/ec2/instance.js";
import { KeyPair } from "@pulumi/aws/ec2/keyPair.js";
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

/**
 * One instance that configures itself from its user-data and the bucket. It owns no address, so that a new one is
 * ready before traffic moves; see PublicAddress. The old one is deleted last, and only when all else went well.
 */
export class Server extends pulumi.ComponentResource {
  readonly instance: Instance;
  readonly instanceId: pulumi.Output<string>;
  /** The address that the cloud gave it by itself; empty where it gives none. */
  readonly publicAddress: pulumi.Output<string>;
  readonly privateAddress: pulumi.Output<string>;

  constructor(name: string, args: ServerArgs, opts: pulumi.ComponentResourceOptions) {
    // The user-data without its secrets, for whoever reads a preview: the instance's own is one secret as a whole.
    super("planet:index:Server", name, { userData: args.userData }, opts);
    const groups = [createGroup(this, name, args), ...(args.hasHttps ? [createHttpsGroup(this, name, args)] : [])];
    const keyName = createKey(this, name, args);
    this.instance = new Instance(
      // Going back to earlier settings finds the server that still runs. Never `protect` it: that stops the roll.
      `${name}-${args.release}`,
      {
        ami: args.imageId,
        instanceType: args.instanceType,
        ...(keyName !== undefined && { keyName }),
        vpcSecurityGroupIds: groups.map(({ id }) => id),
        userData: userDataOf(args),
        userDataReplaceOnChange: true, // the default restarts in place, and first boot never runs again
        tags: serverTags(args.stack, args.release),
      },
      { parent: this, dependsOn: args.needs },
    );
    this.instanceId = this.instance.id;
    this.publicAddress = this.instance.publicIp;
    this.privateAddress = this.instance.privateIp;
    this.registerOutputs({ instanceId: this.instanceId });
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
