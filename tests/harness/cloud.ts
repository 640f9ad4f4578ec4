import { EC2Client, TerminateInstancesCommand } from "@aws-sdk/client-ec2";
import { type CloudStatus, cloudStatus, imageId } from "@planet/local-cloud";

/** Settings of a stack on a local cloud that boots machines: short waits, and a server that may read the sample blogs. */
export function settingsOn({ endpoint }: Pick<CloudStatus, "endpoint">) {
  return {
    endpoint,
    bucket: "planet",
    image: imageId("debian-12-cloud-init"),
    instanceType: "t2.small",
    interval: 10,
    settle: 5,
    draining: 5,
    readyDeadline: 240,
    keepAddress: false,
    keepMemory: false,
    allowHosts: ["*.blogs.test"],
  };
}

/** Of the instances of a cloud, those that run. */
export async function runningServers(cloud: string): Promise<string[]> {
  const { instances } = await cloudStatus(cloud);
  return instances.flatMap(({ instanceId, state }) => (state === "running" ? instanceId : []));
}

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
