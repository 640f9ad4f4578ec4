import { EC2Client, TerminateInstancesCommand } from "@aws-sdk/client-ec2";
import type { CloudStatus } from "@planet/local-cloud";

/** Ends a server behind Pulumi's back, with a client that is not ours. */
export async function terminateInstance(cloud: CloudStatus, instanceId: string): Promise<void> {
  const { accessKeyId, secretAccessKey } = cloud;
  const client = new EC2Client({
    endpoint: cloud.ec2Url,
    region: cloud.region,
    credentials: { accessKeyId, secretAccessKey },
  });
  await client.send(new TerminateInstancesCommand({ InstanceIds: [instanceId] }));
  client.destroy();
}
