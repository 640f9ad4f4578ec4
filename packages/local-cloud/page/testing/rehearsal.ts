import {
  AllocateAddressCommand,
  AssociateAddressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateKeyPairCommand,
  CreateSecurityGroupCommand,
  CreateTagsCommand,
  EC2Client,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import type { CloudStatus } from "../../daemon/status.ts";
import { imageId } from "../../machine/images.ts";
import { query } from "../../testing/queryClient.ts";
import { exchange, signedV4 } from "../../testing/s3Client.ts";

/** What only its owner may know; the page must not show it. */
export const SECRET_USER_DATA = "#!/bin/sh\nPASSWORD=correct-horse-battery-staple\n";

/** A stack's life, with a client that is not ours. */
export class Rehearsal {
  readonly #cloud: CloudStatus;
  readonly #ec2: EC2Client;
  #groupId = "";

  constructor(cloud: CloudStatus) {
    const { ec2Url: endpoint, region, accessKeyId, secretAccessKey } = cloud;
    this.#cloud = cloud;
    this.#ec2 = new EC2Client({ endpoint, region, credentials: { accessKeyId, secretAccessKey }, maxAttempts: 1 });
  }

  /** Buckets, a group and a key. */
  async prepare(): Promise<void> {
    await this.put("/planet", "");
    await this.put("/planet/planet.ini", "[Planet]\nname = Example\n", { "x-amz-acl": "public-read" });
    await this.put("/planet/planet.css", "body { color: teal }\n", { "x-amz-acl": "public-read" });
    await this.put("/planet/manifest.json", `{"files":${"[]".padEnd(900)}}`, { "x-amz-acl": "public-read" });
    await this.put("/planet/drafts/about.md", "# About\n");
    await this.put("/planet-state", "");
    await this.put("/planet-state/.pulumi/stacks/local.json", "{}");
    const group = { GroupName: "planet", Description: "The server of a planet" };
    this.#groupId = (await this.#ec2.send(new CreateSecurityGroupCommand(group))).GroupId ?? "";
    const open = (port: number, cidr: string) => ({
      IpProtocol: "tcp",
      ...{ FromPort: port, ToPort: port, IpRanges: [{ CidrIp: cidr }] },
    });
    const IpPermissions = [open(80, "0.0.0.0/0"), open(22, "192.0.2.0/24")];
    await this.#ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId: this.#groupId, IpPermissions }));
    await this.#ec2.send(new CreateKeyPairCommand({ KeyName: "planet" }));
  }

  async put(path: string, body: string, headers: Readonly<Record<string, string>> = {}): Promise<void> {
    const url = `${this.#cloud.s3Url.replace(/\/$/, "")}${path}`;
    await exchange(signedV4({ method: "PUT", url, body, headers }, this.#cloud).signed);
  }

  /** @returns the allocation */
  async allocate(): Promise<string> {
    return (await this.#ec2.send(new AllocateAddressCommand({}))).AllocationId ?? "";
  }

  /** @returns the instance */
  async launch(name: string): Promise<string> {
    const launch = new RunInstancesCommand({
      ...{ ImageId: imageId("debian-12-cloud-init"), InstanceType: "t2.small", MinCount: 1, MaxCount: 1 },
      ...{ SecurityGroupIds: [this.#groupId], KeyName: "planet" },
      UserData: Buffer.from(SECRET_USER_DATA).toString("base64"),
    });
    const [instance] = (await this.#ec2.send(launch)).Instances ?? [];
    const id = instance?.InstanceId ?? "";
    const Tags = [
      { Key: "Name", Value: name },
      { Key: "planet:release", Value: name.slice(-8) },
    ];
    await this.#ec2.send(new CreateTagsCommand({ Resources: [id], Tags }));
    return id;
  }

  async move(allocationId: string, instanceId: string): Promise<void> {
    const given = { AllocationId: allocationId, InstanceId: instanceId, AllowReassociation: true };
    await this.#ec2.send(new AssociateAddressCommand(given));
  }

  /** Puts a server behind a load balancer. */
  async balance(instanceId: string): Promise<void> {
    const { endpoint, accessKeyId, secretAccessKey } = this.#cloud;
    const asked = { endpoint, cloud: { credentials: { accessKeyId, secretAccessKey } }, settings: { now: undefined } };
    const name = { LoadBalancerName: "planet" };
    await query(asked, "elb", "CreateLoadBalancer", {
      ...{ ...name, "AvailabilityZones.member.1": "one", "Listeners.member.1.Protocol": "HTTP" },
      ...{ "Listeners.member.1.LoadBalancerPort": 80, "Listeners.member.1.InstancePort": 80 },
    });
    const instances = { "Instances.member.1.InstanceId": instanceId };
    await query(asked, "elb", "RegisterInstancesWithLoadBalancer", { ...name, ...instances });
  }

  async end(instanceId: string): Promise<void> {
    await this.#ec2.send(new TerminateInstancesCommand({ InstanceIds: [instanceId] }));
  }

  close(): void {
    this.#ec2.destroy();
  }
}
