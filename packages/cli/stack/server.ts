import { createClock, createEc2, isCloudError, serviceUrls } from "@planet/eucalyptus-client";
import { type Context, OperatorError } from "../command.ts";
import { stackCredentials } from "./credentials.ts";
import type { Deployment } from "./outputs.ts";
import { readPulumi } from "./runPulumi.ts";
import { readStackSettings } from "./settings.ts";

/** The instance that readers get, and how to ask the cloud about it. */
export interface ServerInService {
  readonly instanceId: string;
  readonly address: string;
  readonly imageName: string;
  readonly readConsole: (instanceId: string) => Promise<string>;
}

/**
 * Whatever the address leads to. After an update that failed, the stack's outputs name the server of that update.
 * @throws {OperatorError} when the cloud cannot be asked.
 */
export async function serverInService(stack: string, deployed: Deployment, context: Context): Promise<ServerInService> {
  const { endpoint, region } = await readStackSettings(readPulumi, stack, context);
  const credentials = await stackCredentials(stack, context);
  const ec2 = createEc2(serviceUrls(endpoint).ec2, { region, credentials, clock: createClock() });
  const asked = async <T>(question: () => Promise<T>): Promise<T> => {
    try {
      return await question();
    } catch (error) {
      if (isCloudError(error)) throw unanswered(endpoint, error);
      throw error;
    }
  };
  const address = await asked(() => ec2.findAddress(deployed.address));
  const instanceId = address?.instanceId || deployed.instanceId;
  const instance = await asked(() => ec2.findInstance(instanceId));
  const images = instance ? await asked(() => ec2.describeImages({ filters: { "image-id": [instance.imageId] } })) : [];
  return {
    ...{ instanceId, address: deployed.address, imageName: images[0]?.name ?? "" },
    readConsole: (id) => asked(() => ec2.readConsole(id)),
  };
}

function unanswered(endpoint: string, cause: Error): OperatorError {
  return new OperatorError(
    {
      code: "SERVER_UNREADABLE",
      what: `The cloud at ${endpoint} does not say it:`,
      why: cause.message,
      next: "Check planet:endpoint, your keys and the network. Nothing was changed.",
    },
    { cause },
  );
}
