import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import {
  AllocateAddressCommand,
  AssociateAddressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  EC2Client,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import {
  type CloudStatus,
  clearFault,
  cloudIdentity,
  cloudStatus,
  consoleOutput,
  type ImageName,
  imageId,
  resetCloud,
  setFault,
  startCloud,
  stopCloud,
} from "./index.ts";
import { textAt } from "./testing/textAt.ts";

const NAME = "boot-test";
const OWNER = "/checkout/of/this/test";
const { networkName, endpointAddress, index } = cloudIdentity(NAME);
/** What all clouds of this machine know together. */
const SHARED = "/run/planet-local-cloud";
const quiet = (): void => {};

/** Serves its own name and what it reaches of the world around it; a connection to port 82 turns it off. */
const USER_DATA = `#!/bin/bash
cd /srv && hostname >index.html
reach() { curl -s -m 3 -o /dev/null "$1" && echo "reaches $2" || echo "no $2"; }
{ reach http://lighthouse.blogs.test/ blogs; reach http://${endpointAddress}:22/ host; reach http://10.67.${index + 1}.1:8773/ neighbours; } >reach.txt
systemd-run --quiet --working-directory=/srv python3 -m http.server 80
systemd-run --quiet --working-directory=/srv python3 -m http.server 81
systemd-run --quiet sh -c 'python3 -c "import socket; socket.create_server((\\"\\", 82)).accept()" && systemctl poweroff'
echo "planet: READY release=test" >/dev/console
`;

let cloud: CloudStatus;
let client: EC2Client;
let groupId: string;
let hostBefore: readonly string[];
let othersBefore: boolean;

/** What a cloud could change of its host: the kernel's settings, links, routes, rules. Other clouds' are left out. */
function hostSettings(): string[] {
  const lines = (program: string, ...args: string[]) =>
    execFileSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).split("\n");
  return [
    ...lines(
      "sysctl",
      "--all",
      "--pattern",
      "^(net\\.(ipv4|ipv6|core|bridge)|user|kernel\\.(core_pattern|sysrq|modprobe))\\b",
    ),
    ...lines("ip", "-br", "link"),
    ...lines("ip", "route"),
    ...lines("nft", "list", "tables"),
    ...(existsSync(SHARED) ? readdirSync(SHARED).filter((file) => file !== "network.lock") : []),
  ].filter((line) => line.includes(networkName) || !/planet\d/.test(line));
}

/** Another clone's cloud keeps what all clouds need, and the last to end puts it back: then nothing can be said of that. */
function changesOfHost(): string[] {
  const now = hostSettings();
  const isShared = (line: string): boolean => (othersBefore || othersRun()) && line.includes("forwarding");
  return [
    ...hostBefore.filter((line) => !now.includes(line)).map((line) => `- ${line}`),
    ...now.filter((line) => !hostBefore.includes(line)).map((line) => `+ ${line}`),
  ].filter((line) => !isShared(line));
}

function othersRun(): boolean {
  return /planet\d/.test(execFileSync("nft", ["list", "tables", "ip"], { encoding: "utf8" }));
}

const start = (owner = OWNER): Promise<CloudStatus> =>
  startCloud({ name: NAME, owner, mode: "vpc", driver: "nspawn", moveDelayMs: 500, onProgress: quiet });

async function runInstance(image: ImageName = "debian-12-cloud-init"): Promise<string> {
  const answer = await client.send(
    new RunInstancesCommand({
      ImageId: imageId(image),
      InstanceType: "t2.small",
      MinCount: 1,
      MaxCount: 1,
      SecurityGroupIds: [groupId],
      UserData: Buffer.from(USER_DATA).toString("base64"),
    }),
  );
  return answer.Instances?.[0]?.InstanceId ?? "";
}

/** Waits for the READY line of the boot. */
async function ready(instanceId: string): Promise<void> {
  for (let tries = 0; tries < 720; tries++) {
    if ((await consoleOutput(NAME, instanceId)).includes("planet: READY release=test")) return;
    await sleep(250);
  }
  throw new Error(`${instanceId} is not ready after three minutes:\n${await consoleOutput(NAME, instanceId)}`);
}

/** One story, in order. */
describe("a cloud with machines (proves boots, network and clean-up on this host; not other hosts' firewalls)", () => {
  beforeAll(async () => {
    await resetCloud(NAME, quiet);
    hostBefore = hostSettings();
    othersBefore = othersRun();
    cloud = await start();
    const { accessKeyId, secretAccessKey } = cloud;
    client = new EC2Client({
      endpoint: cloud.ec2Url,
      region: cloud.region,
      credentials: { accessKeyId, secretAccessKey },
    });
  }, 300_000);

  afterAll(async () => {
    client?.destroy();
    await resetCloud(NAME, quiet);
  }, 60_000);

  let first: string;
  let second: string;
  let publicAddress: string;
  let allocationId: string;

  test("an instance runs its user-data and is reached at its public address on open ports only", async () => {
    const group = await client.send(new CreateSecurityGroupCommand({ GroupName: "web", Description: "port 80" }));
    groupId = group.GroupId ?? "";
    await client.send(
      new AuthorizeSecurityGroupIngressCommand({
        GroupId: groupId,
        IpPermissions: [{ IpProtocol: "tcp", FromPort: 80, ToPort: 80, IpRanges: [{ CidrIp: "0.0.0.0/0" }] }],
      }),
    );
    const address = await client.send(new AllocateAddressCommand({ Domain: "vpc" }));
    publicAddress = address.PublicIp ?? "";
    allocationId = address.AllocationId ?? "";
    first = await runInstance();
    await ready(first);
    await client.send(new AssociateAddressCommand({ AllocationId: allocationId, InstanceId: first }));
    await sleep(200);
    expect(await textAt(`http://${publicAddress}/`)).toMatch(/^ip-10-66-/);
    expect(await textAt(`http://${publicAddress}:81/`)).toBe("ECONNREFUSED");
  }, 120_000);

  test.each(["debian-12-rc-local", "debian-13-cloud-init"] as const)(
    "%s boots the same user-data",
    async (image) => {
      const instanceId = await runInstance(image);
      await ready(instanceId);
      await client.send(new TerminateInstancesCommand({ InstanceIds: [instanceId] }));
    },
    240_000,
  );

  test("it reaches the sample blogs, but neither other services of its host nor other clouds", async () => {
    expect(await textAt(`http://${publicAddress}/reach.txt`)).toBe("reaches blogs\nno host\nno neighbours");
  });

  test("a second checkout learns who owns the cloud", async () => {
    await expect(start("/another/checkout")).rejects.toMatchObject({
      code: "OTHER_OWNER",
      message: expect.stringContaining(OWNER),
    });
  });

  test("a shell is opened in a machine that knows no key", () => {
    const main = fileURLToPath(new URL("daemon/main.ts", import.meta.url));
    const said = execFileSync(process.execPath, [main, "shell", NAME, first], {
      input: "id -u; cat /srv/index.html\n",
    });
    expect(said.toString()).toMatch(/^0\nip-10-66-/);
  }, 30_000);

  test("a frozen machine answers nothing, and goes on where it was", async () => {
    await setFault(NAME, { fault: "frozen-machine", instance: first });
    expect(await textAt(`http://${publicAddress}/`)).not.toMatch(/^ip-/);
    expect((await cloudStatus(NAME)).instances.find(({ instanceId }) => instanceId === first)?.state).toBe("running");
    await clearFault(NAME);
    expect(await textAt(`http://${publicAddress}/`)).toMatch(/^ip-10-66-/);
  }, 30_000);

  test("a machine with a full disk boots, has no room, and leaves nothing", async () => {
    await setFault(NAME, { fault: "full-disk", times: 1 });
    const instanceId = await runInstance();
    await ready(instanceId);
    const main = fileURLToPath(new URL("daemon/main.ts", import.meta.url));
    const input = "head -c 64M /dev/zero 2>&1 >/big; true\n";
    const said = execFileSync(process.execPath, [main, "shell", NAME, instanceId], { input });
    expect(said.toString()).toContain("No space left on device");
    await client.send(new TerminateInstancesCommand({ InstanceIds: [instanceId] }));
    for (let tries = 0; tries < 100 && traces(instanceId).length > 0; tries++) await sleep(100);
    expect(traces(instanceId)).toEqual([]);
  }, 120_000);

  test("machines go on when the daemon is killed, and the next start adopts them", async () => {
    const before = await textAt(`http://${publicAddress}/`);
    process.kill(cloud.pid ?? 0, "SIGKILL");
    await sleep(200);
    expect((await cloudStatus(NAME)).running).toBe(false);
    cloud = await start();
    expect(cloud.instances.find(({ instanceId }) => instanceId === first)?.state).toBe("running");
    expect(await textAt(`http://${publicAddress}/`)).toBe(before);
  }, 60_000);

  test("an address moves to another instance after the delay", async () => {
    second = await runInstance();
    await ready(second);
    const before = await textAt(`http://${publicAddress}/`);
    await client.send(
      new AssociateAddressCommand({ AllocationId: allocationId, InstanceId: second, AllowReassociation: true }),
    );
    expect(await textAt(`http://${publicAddress}/`)).toBe(before);
    await sleep(700);
    expect(await textAt(`http://${publicAddress}/`)).not.toBe(before);
    expect(await textAt(`http://${publicAddress}/`)).toMatch(/^ip-10-66-/);
  }, 120_000);

  test("a terminated instance leaves its console and nothing else", async () => {
    await client.send(new TerminateInstancesCommand({ InstanceIds: [first] }));
    for (let tries = 0; tries < 100 && traces(first).length > 0; tries++) await sleep(100);
    expect(traces(first)).toEqual([]);
    expect(await consoleOutput(NAME, first)).toContain("planet: READY");
  }, 30_000);

  test("an instance that powers itself off is terminated soon, and leaves its address free", async () => {
    const now = async () => (await cloudStatus(NAME)).instances.find(({ instanceId }) => instanceId === second);
    await textAt(`http://${(await now())?.privateAddress}:82/`);
    const isOver = async () => (await now())?.state === "terminated";
    for (let tries = 0; tries < 120 && !(await isOver()); tries++) await sleep(250);
    expect(await isOver()).toBe(true);
    expect((await cloudStatus(NAME)).addresses).toContainEqual({ publicAddress });
    expect(await textAt(`http://${publicAddress}/`)).toBe("ECONNREFUSED");
    expect(traces(second)).toEqual([]);
  }, 60_000);

  test.each(["a stop", "a stop after a kill"])(
    "%s leaves nothing on the host, and its settings as they were",
    async (how) => {
      cloud = await start();
      second = await runInstance();
      await ready(second);
      if (how.endsWith("kill")) process.kill(cloud.pid ?? 0, "SIGKILL");
      await stopCloud(NAME, quiet);
      expect(traces(networkName)).toEqual([]);
      expect(await consoleOutput(NAME, second)).toContain("planet: READY");
      expect(changesOfHost()).toEqual([]);
    },
    120_000,
  );

  test("the next start knows what became of the machines", async () => {
    cloud = await start();
    const states = cloud.instances.filter(({ instanceId }) => instanceId === second).map(({ state }) => state);
    expect(states.filter((state) => state !== "terminated")).toEqual([]);
  }, 60_000);

  test("a reset after a kill puts the host's settings back too", async () => {
    process.kill(cloud.pid ?? 0, "SIGKILL");
    await resetCloud(NAME, quiet);
    expect(changesOfHost()).toEqual([]);
  }, 60_000);
});

/** Namespaces, mounts, processes and cgroups that carry the word. */
function traces(word: string): string[] {
  const lines = (path: string): string[] => readFileSync(path, "utf8").split("\n");
  return [
    ...(existsSync("/run/netns") ? readdirSync("/run/netns") : []),
    ...lines("/proc/self/mountinfo").filter((line) => line.includes("/planet/clouds/boot-test/")),
    ...readdirSync("/sys/fs/cgroup"),
    ...(existsSync("/sys/fs/cgroup/unified") ? readdirSync("/sys/fs/cgroup/unified") : []),
    ...execFileSync("ps", ["-eo", "args"], { encoding: "utf8" })
      .split("\n")
      .filter((line) => line.includes("nspawn")),
  ].filter((line) => line.includes(word));
}
