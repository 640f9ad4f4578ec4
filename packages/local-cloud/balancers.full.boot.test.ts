import { execFileSync } from "node:child_process";
import { Resolver } from "node:dns/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type CloudStatus, cloudStatus, imageId, resetCloud, setFault, startCloud, stopCloud } from "./index.ts";
import { type QueryReply, query, valuesOf } from "./testing/queryClient.ts";
import { textAt } from "./testing/textAt.ts";

const NAME = "balancer-test";
const LB = { LoadBalancerName: "planet" };
const GROUP = { AutoScalingGroupName: "servers" };
const quiet = (): void => {};

const USER_DATA = `#!/bin/bash
cd /srv && hostname >index.html
systemd-run --quiet --working-directory=/srv python3 -m http.server 80
`;

let cloud: CloudStatus;

const start = (): Promise<CloudStatus> =>
  startCloud({
    ...{ name: NAME, owner: "/checkout/of/this/test", mode: "vpc", driver: "nspawn", clockFactor: 10 },
    onProgress: quiet,
  });

async function ask(
  service: "ec2" | "elb" | "autoscaling",
  action: string,
  parameters: Readonly<Record<string, string | number>> = {},
): Promise<QueryReply> {
  const { endpoint, accessKeyId, secretAccessKey } = cloud;
  const credentials = { accessKeyId, secretAccessKey };
  const reply = await query(
    { endpoint, cloud: { credentials }, settings: { now: undefined } },
    service,
    action,
    parameters,
  );
  if (reply.status !== 200) throw new Error(`${action}: ${reply.message}`);
  return reply;
}

/** Where the name leads now, as the cloud's own DNS server says. */
async function addresses(): Promise<string[]> {
  const resolver = new Resolver({ timeout: 1_000, tries: 1 });
  resolver.setServers([cloud.dns]);
  const { text } = await ask("elb", "DescribeLoadBalancers");
  return await resolver.resolve4(valuesOf(text, "DNSName")[0] ?? "").catch(() => []);
}

/** What a fresh connection through the name gets: a server's name, or why not. */
async function read(): Promise<string> {
  const [host] = await addresses();
  if (host === undefined) return "no address";
  return textAt(`http://${host}/`, 25_000);
}

/** Until the last requests were answered by so many servers and none failed. */
async function served(by: number): Promise<Set<string>> {
  let last: string[] = [];
  for (let tries = 0; tries < 400; tries += 1) {
    last = [...last, await read()].slice(-2 * by);
    const names = new Set(last);
    if (last.length === 2 * by && names.size === by && last.every((name) => name.startsWith("ip-10-66-"))) return names;
    await sleep(250);
  }
  throw new Error(`the last answers were ${last.join(", ")}`);
}

const members = async (): Promise<string[]> =>
  valuesOf((await ask("autoscaling", "DescribeAutoScalingGroups")).text, "InstanceId");

const workers = (): string[] =>
  execFileSync("ps", ["-eo", "user,args"], { encoding: "utf8" })
    .split("\n")
    .filter((line) => line.includes("elb/proxy/main.ts planet"));

/** One story, in order. */
describe("two servers behind a load balancer (proves worker, name and healing on real machines; not Eucalyptus' own)", () => {
  beforeAll(async () => {
    await resetCloud(NAME, quiet);
    cloud = await start();
  }, 300_000);
  afterAll(() => resetCloud(NAME, quiet), 60_000);

  let servers: Set<string>;

  test("both answer through the name, in turn", async () => {
    const group = await ask("ec2", "CreateSecurityGroup", { GroupName: "web", GroupDescription: "port 80" });
    const [groupId = ""] = valuesOf(group.text, "groupId");
    const open = { IpProtocol: "tcp", FromPort: 80, ToPort: 80, "IpRanges.1.CidrIp": "0.0.0.0/0" };
    await ask("ec2", "AuthorizeSecurityGroupIngress", {
      GroupId: groupId,
      ...Object.fromEntries(Object.entries(open).map(([name, value]) => [`IpPermissions.1.${name}`, value])),
    });
    const listener = { Protocol: "HTTP", LoadBalancerPort: 80, InstanceProtocol: "HTTP", InstancePort: 80 };
    await ask("elb", "CreateLoadBalancer", {
      ...{ ...LB, "AvailabilityZones.member.1": "one" },
      ...Object.fromEntries(Object.entries(listener).map(([name, value]) => [`Listeners.member.1.${name}`, value])),
    });
    const check = { Target: "HTTP:80/", Interval: 10, Timeout: 5, UnhealthyThreshold: 3, HealthyThreshold: 2 };
    await ask("elb", "ConfigureHealthCheck", {
      ...LB,
      ...Object.fromEntries(Object.entries(check).map(([name, value]) => [`HealthCheck.${name}`, value])),
    });
    await ask("autoscaling", "CreateLaunchConfiguration", {
      ...{ LaunchConfigurationName: "servers", ImageId: imageId("debian-12-cloud-init"), InstanceType: "t2.small" },
      ...{ "SecurityGroups.member.1": groupId, UserData: Buffer.from(USER_DATA).toString("base64") },
    });
    await ask("autoscaling", "CreateAutoScalingGroup", {
      ...{ ...GROUP, LaunchConfigurationName: "servers", MinSize: 2, MaxSize: 2, "AvailabilityZones.member.1": "one" },
      ...{ "LoadBalancerNames.member.1": "planet", HealthCheckType: "ELB", HealthCheckGracePeriod: 1_800 },
    });
    servers = await served(2);
    expect(workers()).toHaveLength(1);
    expect(workers()[0]).toMatch(/^nobody /);
    const { text } = await ask("elb", "DescribeInstanceHealth", LB);
    expect(valuesOf(text, "InstanceId").sort()).toEqual((await members()).sort());
  }, 300_000);

  test("one that was killed is replaced without a command, and the other one serves meanwhile", async () => {
    const [killed = ""] = await members();
    await ask("ec2", "TerminateInstances", { "InstanceId.1": killed });
    const answers: string[] = [];
    const isReplaced = (ids: readonly string[]): boolean => ids.length === 2 && !ids.includes(killed);
    while (!isReplaced(await members())) answers.push(await read());
    const after = await served(2);
    const [survivor = "", ...others] = [...after].filter((name) => servers.has(name));
    expect(others).toEqual([]);
    expect(answers).toContain(survivor);
    servers = after;
  }, 300_000);

  test("a worker that dies leaves its address; its successor has the same name and another one", async () => {
    const before = await addresses();
    await setFault(NAME, { fault: "lost-worker", seconds: 50 });
    await sleep(1_000);
    expect(await addresses()).toEqual([]);
    expect(await served(2)).toEqual(servers);
    expect(await addresses()).not.toEqual(before);
  }, 120_000);

  test("a killed daemon takes the worker with it; the next one has the same members, address and answers", async () => {
    const before = [await addresses(), await members()];
    process.kill(cloud.pid ?? 0, "SIGKILL");
    for (let tries = 0; tries < 50 && workers().length > 0; tries += 1) await sleep(100);
    expect(workers()).toEqual([]);
    cloud = await start();
    expect(await served(2)).toEqual(servers);
    expect([await addresses(), await members()]).toEqual(before);
  }, 120_000);

  test("a stop leaves no worker", async () => {
    await stopCloud(NAME, quiet);
    expect([workers(), (await cloudStatus(NAME)).loadBalancers]).toEqual([[], []]);
  }, 60_000);
});
