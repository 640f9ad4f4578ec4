import { createClock, createEc2, type InstanceState, isCloudError, serviceUrls } from "@planet/eucalyptus-client";
import { type Context, OperatorError } from "../command.ts";
import { stackCredentials } from "../stack/credentials.ts";
import { readPulumi } from "../stack/runPulumi.ts";
import { readStackSettings } from "../stack/settings.ts";

/** The server and its address as the cloud has them. */
export interface CloudLook {
  readonly instance: { readonly state: InstanceState | "missing"; readonly reason: string };
  /** `holder` is an instance's id, "" when the address is free. */
  readonly address: { readonly state: "ours"; readonly holder: string } | { readonly state: "missing" };
}

/** @throws {OperatorError} when the cloud cannot be asked. */
export async function lookAtCloud(
  stack: string,
  of: { readonly instanceId: string; readonly address: string },
  context: Context,
): Promise<CloudLook> {
  const { endpoint, region } = await readStackSettings(readPulumi, stack, context);
  const credentials = await stackCredentials(stack, context);
  try {
    const ec2 = createEc2(serviceUrls(endpoint).ec2, { region, credentials, clock: createClock() });
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
