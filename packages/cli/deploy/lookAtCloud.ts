import {
  createClock,
  createEc2,
  credentialsFromEnvironment,
  type InstanceState,
  isCloudError,
  MissingCredentialsError,
  serviceUrls,
} from "@planet/eucalyptus-client";
import { toolchainEnvironment } from "@planet/toolchain";
import { type Context, OperatorError } from "../command.ts";
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
  const { checkout, environment: env } = context;
  const environment = await toolchainEnvironment({ checkout, stack, env, onNotice: () => {} });
  try {
    const credentials = credentialsFromEnvironment(environment);
    const ec2 = createEc2(serviceUrls(endpoint).ec2, { region, credentials, clock: createClock() });
    const instance = await ec2.findInstance(of.instanceId);
    const address = await ec2.findAddress(of.address);
    return {
      instance: instance ? { state: instance.state, reason: instance.reason } : { state: "missing", reason: "" },
      address: address ? { state: "ours", holder: address.instanceId } : { state: "missing" },
    };
  } catch (error) {
    if (error instanceof MissingCredentialsError) throw new OperatorError(error.message);
    if (!isCloudError(error)) throw error;
    const next = "Look at planet:endpoint, at your keys and at the network. Nothing was changed.";
    throw new OperatorError(`The cloud at ${endpoint} cannot be asked: ${error.message}\n${next}`);
  }
}
