import { balancerName } from "@planet/content/marks";
import {
  type Connection,
  createAutoScaling,
  createClock,
  createEc2,
  createElb,
  type InstanceState,
  isCloudError,
  serviceUrls,
} from "@planet/eucalyptus-client";
import { type Context, OperatorError } from "../command.ts";
import { stackCredentials } from "../stack/credentials.ts";
import type { Deployment } from "../stack/outputs.ts";
import { readPulumi } from "../stack/runPulumi.ts";
import { isGroupOf } from "../stack/server.ts";
import { readStackSettings } from "../stack/settings.ts";

/** The server and its address as the cloud has them. */
export interface CloudLook {
  readonly instance: { readonly state: InstanceState | "missing"; readonly reason: string };
  /** `holder` is an instance's id, "" when the address is free. */
  readonly address: { readonly state: "ours"; readonly holder: string } | { readonly state: "missing" };
}

/**
 * Servers behind a balancer stand for one: what is there is their group, which replaces them by itself, and the balancer.
 * @throws {OperatorError} when the cloud cannot be asked.
 */
export async function lookAtCloud(
  stack: string,
  of: Pick<Deployment, "instanceId" | "address" | "release" | "servers">,
  context: Context,
): Promise<CloudLook> {
  const { endpoint, region } = await readStackSettings(readPulumi, stack, context);
  const credentials = await stackCredentials(stack, context);
  const connection = { region, credentials, clock: createClock() };
  try {
    if (of.servers !== undefined) return await lookAtGroup(stack, of.release, endpoint, connection);
    const ec2 = createEc2(serviceUrls(endpoint).ec2, connection);
    const instance = await ec2.findInstance(of.instanceId);
    const address = await ec2.findAddress(of.address);
    return {
      instance: instance ? { state: instance.state, reason: instance.reason } : { state: "missing", reason: "" },
      address: address ? { state: "ours", holder: address.instanceId } : { state: "missing" },
    };
  } catch (error) {
    if (!isCloudError(error)) throw error;
    throw new OperatorError(
      {
        code: "CLOUD_UNREADABLE",
        what: `The cloud at ${endpoint} cannot be asked:`,
        why: error.message,
        next: "Check planet:endpoint, your keys and the network. Nothing was changed.",
      },
      { cause: error },
    );
  }
}

async function lookAtGroup(
  stack: string,
  release: string,
  endpoint: string,
  connection: Connection,
): Promise<CloudLook> {
  const { autoscaling, elb } = serviceUrls(endpoint);
  const groups = await createAutoScaling(autoscaling, connection).describeGroups();
  const isThere = groups.some(({ tags }) => isGroupOf(stack, release, tags));
  const balancer = await createElb(elb, connection).findLoadBalancer(balancerName(stack));
  return {
    instance: { state: isThere ? "running" : "missing", reason: "" },
    address: balancer ? { state: "ours", holder: "" } : { state: "missing" },
  };
}
