import { membersTask } from "./environment.ts";
import type { Members } from "./waiting.ts";

const TIMEOUT_MS = 8_000;

/** The servers of a group that run, and how many there should be. @throws {Error} when the cloud does not say. */
export async function readMembers(environment: NodeJS.ProcessEnv): Promise<Members> {
  const { createAutoScaling, createClock, createEc2, credentialsFromEnvironment } = await import(
    "@planet/eucalyptus-client"
  );
  const { autoScalingUrl, ec2Url, region, group: name } = membersTask(environment);
  const credentials = credentialsFromEnvironment(environment);
  const connection = { region, credentials, clock: createClock(), timeoutMs: TIMEOUT_MS, patienceMs: 0 };
  const group = await createAutoScaling(autoScalingUrl, connection).findGroup(name);
  if (!group) throw new Error(`the cloud has no group ${name}`);
  const ec2 = createEc2(ec2Url, connection);
  const running = group.members.filter(({ lifecycleState }) => lifecycleState === "InService");
  const instances = await Promise.all(running.map(({ instanceId }) => ec2.findInstance(instanceId)));
  return {
    size: group.desiredCapacity,
    members: instances.flatMap((instance) => {
      if (!instance) return [];
      const { instanceId, publicAddress, privateAddress } = instance;
      return [{ instanceId, publicAddress, privateAddress }];
    }),
  };
}
