import { SERVED_RESOURCE } from "@planet/content/marks";
import { messageOf } from "@planet/errors";
import { Eip } from "@pulumi/aws/ec2/eip.js";
import { EipAssociation } from "@pulumi/aws/ec2/eipAssociation.js";
import { getElasticIp } from "@pulumi/aws/ec2/getElasticIp.js";
import type { Provider } from "@pulumi/aws/provider.js";
import * as pulumi from "@pulumi/pulumi";
import { RefusedDeploy } from "../settings/refusedDeploy.ts";
import { type CertificateTask, NO_HTTPS } from "./awaitRelease/certificate.ts";
import type { Planned } from "./awaitRelease/environment.ts";
import { servedGate } from "./awaitRelease/gate.ts";

export interface PublicAddressArgs {
  readonly instanceId: pulumi.Input<string>;
  /** An elastic address of {@link checkAdopted}; never released. Absent: the stack allocates one. */
  readonly address?: string;
  /** Keeps an allocated address on destroy and on a change to an adopted one. */
  readonly keepAddress: boolean;
  readonly release: string;
  readonly deadlineSeconds: number;
  /** How long the old server stays after readers see the new one. */
  readonly drainingSeconds: number;
  /** Absent without a host. */
  readonly certificate?: Planned<CertificateTask> | undefined;
  /** What has to be done before the address may move. */
  readonly after: pulumi.Resource;
}

/**
 * The elastic address and its way to the server. Who competes: this deploy, and whoever moves the address by hand.
 *
 * One call moves it (`allowReassociation`), so that there is no moment without a server; that ends the old
 * association, whose delete at the end of the update then finds nothing and must not detach the new one. A crash
 * before the call leaves the old server serving, a crash after it the new one, and the next update only asks again.
 * `served` comes after the call, because a real cloud takes seconds to tell its network of a move.
 */
export class PublicAddress extends pulumi.ComponentResource {
  readonly address: pulumi.Output<string>;
  /** Done when readers get the release and the draining time is over; the old server is deleted after that. */
  readonly served: pulumi.Resource;

  constructor(name: string, args: PublicAddressArgs, opts: pulumi.ComponentResourceOptions) {
    super("planet:index:PublicAddress", name, {}, opts);
    this.address = args.address === undefined ? allocate(this, name, args) : pulumi.output(args.address);
    const association = new EipAssociation(
      `${name}-association`,
      { publicIp: this.address, instanceId: args.instanceId, allowReassociation: true },
      { parent: this, dependsOn: [args.after] },
    );
    const { release, deadlineSeconds, drainingSeconds, certificate } = args;
    const task = { release, deadlineSeconds, drainingSeconds, address: this.address, ...(certificate ?? NO_HTTPS) };
    const options = { parent: this, trigger: association.id, dependsOn: [association] };
    this.served = servedGate(SERVED_RESOURCE, task, options);
    this.registerOutputs({ address: this.address });
  }
}

function allocate(parent: PublicAddress, name: string, { keepAddress }: PublicAddressArgs): pulumi.Output<string> {
  return new Eip(`${name}-elastic`, {}, { parent, retainOnDelete: keepAddress }).publicIp;
}

/**
 * An address to be adopted has to be this account's. Asked before anything is made.
 * @throws {RefusedDeploy} `ADDRESS`
 */
export async function checkAdopted(address: string, provider: Provider): Promise<void> {
  try {
    await getElasticIp({ publicIp: address }, { provider });
  } catch (error) {
    const reason = messageOf(error);
    // Keys, network, settings: the reason has its own next step, and the address may well be ours.
    if (!isAnswer(reason)) throw new pulumi.RunError(reason);
    throw new RefusedDeploy({
      code: "ADDRESS",
      what: `planet:address ${address} cannot be adopted`,
      why: "This account has no such elastic address.",
      next: "`euca-describe-addresses` lists yours: set planet:address to one of them, or take it out to have one allocated. Nothing was changed.",
    });
  }
}

/** The SDK puts this before what the provider says no to; what the provider could not ask comes without it. */
const isAnswer = (reason: string): boolean => /^Invoke of '[^']*' failed: /.test(reason);
