import { isServerOf, releaseOfTags } from "@planet/content/marks";
import {
  type AutoScaling,
  createAutoScaling,
  createClock,
  createEc2,
  type GroupTag,
  isCloudError,
  serviceUrls,
} from "@planet/eucalyptus-client";
import { type Context, OperatorError } from "../command.ts";
import { stackCredentials } from "./credentials.ts";
import type { Deployment } from "./outputs.ts";
import { readPulumi } from "./runPulumi.ts";
import { readStackSettings } from "./settings.ts";

/** The instance that readers get, or one of them, and how to ask the cloud about it. */
export interface ServerInService {
  readonly instanceId: string;
  readonly address: string;
  readonly imageName: string;
  readonly readConsole: (instanceId: string) => Promise<string>;
}

/** Of the servers behind a balancer one that runs; "" when none does. */
async function firstMember(stack: string, release: string, scaling: AutoScaling): Promise<string> {
  const groups = await scaling.describeGroups();
  const ours = groups.find(({ tags }) => isGroupOf(stack, release, tags));
  const running = ours?.members.filter(({ lifecycleState }) => lifecycleState === "InService") ?? [];
  return running.map(({ instanceId }) => instanceId).toSorted()[0] ?? "";
}

/** Whether an Auto Scaling group's tags are those of a release of this stack. */
export function isGroupOf(stack: string, release: string, tags: readonly GroupTag[]): boolean {
  const all = Object.fromEntries(tags.map(({ key, value }) => [key, value]));
  return isServerOf(stack, all) && releaseOfTags(all) === release;
}

/**
 * Whatever the address leads to. After an update that failed, the stack's outputs name the server of that update.
 * @throws {OperatorError} when the cloud cannot be asked.
 */
export async function serverInService(stack: string, deployed: Deployment, context: Context): Promise<ServerInService> {
  const { endpoint, region } = await readStackSettings(readPulumi, stack, context);
  const credentials = await stackCredentials(stack, context);
  const connection = { region, credentials, clock: createClock() };
  const ec2 = createEc2(serviceUrls(endpoint).ec2, connection);
  const asked = async <T>(question: () => Promise<T>): Promise<T> => {
    try {
      return await question();
    } catch (error) {
      if (isCloudError(error)) throw unanswered(endpoint, error);
      throw error;
    }
  };
  const scaling = createAutoScaling(serviceUrls(endpoint).autoscaling, connection);
  const instanceId =
    deployed.servers === undefined
      ? (await asked(() => ec2.findAddress(deployed.address)))?.instanceId || deployed.instanceId
      : await asked(() => firstMember(stack, deployed.release, scaling));
  const instance = await asked(() => ec2.findInstance(instanceId));
  const images = instance ? await asked(() => ec2.describeImages({ filters: { "image-id": [instance.imageId] } })) : [];
  return {
    instanceId,
    address: deployed.servers === undefined ? deployed.address : (instance?.publicAddress ?? ""),
    imageName: images[0]?.name ?? "",
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
