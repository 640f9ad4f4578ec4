import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  EC2Client,
  RunInstancesCommand,
} from "@aws-sdk/client-ec2";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import {
  type CloudStatus,
  cloudIdentity,
  cloudStatus,
  consoleOutput,
  imageId,
  resetCloud,
  startCloud,
} from "./index.ts";
import { nftTable } from "./network/nft.ts";

const NAME = "escapes-test";
const identity = cloudIdentity(NAME);
const { endpointAddress, networkName, privatePrefix } = identity;
const quiet = (): void => {};
const METADATA = "http://169.254.169.254/latest/user-data";

/** Says its name on ports 80 and 81. */
const VICTIM = `#!/bin/bash
# SECRET-OF-VICTIM
for port in 80 81; do systemd-run --quiet systemd-socket-activate -l $port --inetd -a cat /etc/hostname; done
sleep 0.5
echo "tried everything" >/dev/console
`;

/** What root in a machine can do (`yes`) and cannot (`no`); a line of bash each. `$V` is a neighbour. */
const TRIES: Record<string, { can: boolean; how: string }> = {
  "reach the cloud's endpoint": { can: true, how: `curl -s -m 5 -o /dev/null http://${endpointAddress}:8773/` },
  "read its own user-data": { can: true, how: `curl -sf -m 5 ${METADATA} | grep -q tried` },
  "reach a neighbour's port that a group opens": { can: true, how: "exec 3<>/dev/tcp/$V/80" },
  "reach a neighbour's other port": { can: false, how: "exec 3<>/dev/tcp/$V/81" },
  "read a neighbour's user-data with its address": {
    can: false,
    how: `ip addr add $V/32 dev eth0; trap 'ip addr del $V/32 dev eth0' EXIT; curl -sf -m 3 --interface $V ${METADATA}`,
  },
  "send with another MAC": {
    can: false,
    how: `set -- $(ip -br link show eth0); ip link set eth0 address 02:00:00:00:00:99; trap "ip link set eth0 address $3" EXIT
      curl -sf -m 3 ${METADATA}`,
  },
  "reach everything again as itself": { can: true, how: `curl -sf -m 5 ${METADATA}` },
  "change its own routes, as for a firewall": { can: true, how: "ip route add blackhole 203.0.113.0/24" },
  "run programs as their owner": { can: true, how: "[ -u /usr/bin/passwd ] && [ -O /usr/bin/passwd ]" },
  "be root on the host": { can: false, how: "[ $(awk '{ print $2 }' /proc/self/uid_map) = 0 ]" },
  // Each writes what is there already, or asks for help: harmless where it succeeds.
  "write the kernel's settings": {
    can: false,
    how: `mount -o remount,rw,bind /proc/sys || :; file=/proc/sys/kernel/core_pattern; old=$(cat $file); echo "$old" >$file`,
  },
  "write the kernel's settings in a /proc of its own": {
    can: false,
    how: `mount -t proc proc /mnt; file=/mnt/sys/kernel/core_pattern; old=$(cat $file); echo "$old" >$file`,
  },
  "press the host's magic keys": { can: false, how: "echo h >/proc/sysrq-trigger" },
  "mount what shows the kernel": {
    can: false,
    how: "mount -t debugfs none /mnt || mount -t tracefs none /mnt || mount -t bpf none /mnt && ls /mnt/*",
  },
  "change the host's control groups": {
    can: false,
    how: "mount -t cgroup -o memory none /mnt; mkdir /mnt/mine && rmdir /mnt/mine",
  },
  "make a device": { can: false, how: "mknod /root/mem c 1 1" },
  "load a BPF program, look into others, make devices, set the clock": {
    can: false, // CAP_SYS_MODULE, RAWIO, PTRACE, TIME, MKNOD, SYSLOG, PERFMON, BPF (capabilities(7))
    how: "set -- $(grep CapBnd /proc/self/status); (( 0x$2 & (1<<16 | 1<<17 | 1<<19 | 1<<25 | 1<<27 | 1<<34 | 1<<38 | 1<<39) ))",
  },
};

let cloud: CloudStatus;
let client: EC2Client;
let groupId: string;
let console: string;

async function runInstance(userData: string): Promise<string> {
  const answer = await client.send(
    new RunInstancesCommand({
      ...{ ImageId: imageId("debian-12-rc-local"), InstanceType: "t2.small", MinCount: 1, MaxCount: 1 },
      ...{ SecurityGroupIds: [groupId], UserData: Buffer.from(userData).toString("base64") },
    }),
  );
  return answer.Instances?.[0]?.InstanceId ?? "";
}

async function consoleWith(instanceId: string, text: string): Promise<string> {
  for (let tries = 0; tries < 480; tries++) {
    const said = await consoleOutput(NAME, instanceId);
    if (said.includes(text)) return said;
    await sleep(250);
  }
  throw new Error(`${instanceId} did not say "${text}":\n${await consoleOutput(NAME, instanceId)}`);
}

/** The group opens these ports to its own members. */
const open = (...ports: number[]) =>
  client.send(
    new AuthorizeSecurityGroupIngressCommand({
      GroupId: groupId,
      IpPermissions: ports.map((port) => ({
        ...{ IpProtocol: "tcp", FromPort: port, ToPort: port, UserIdGroupPairs: [{ GroupId: groupId }] },
      })),
    }),
  );

/** One story, in order. */
describe("a cloud and its host (proves what root in a machine and the host's neighbours reach; not the kernel's own faults)", () => {
  let attacker: string;
  let victimAddress: string;

  beforeAll(async () => {
    await resetCloud(NAME, quiet);
    cloud = await startCloud({ name: NAME, owner: "/checkout", mode: "vpc", driver: "nspawn", onProgress: quiet });
    const { accessKeyId, secretAccessKey } = cloud;
    client = new EC2Client({
      ...{ endpoint: cloud.ec2Url, region: cloud.region, credentials: { accessKeyId, secretAccessKey } },
    });
    groupId = (await client.send(new CreateSecurityGroupCommand({ GroupName: "g", Description: "g" }))).GroupId ?? "";
    await open(80);
    const victim = await runInstance(VICTIM);
    await consoleWith(victim, "tried everything");
    victimAddress = (await cloudStatus(NAME)).instances[0]?.privateAddress ?? "";
    attacker = await runInstance(attackOn(victimAddress));
    console = await consoleWith(attacker, "tried everything");
  }, 300_000);

  afterAll(async () => {
    client?.destroy();
    await resetCloud(NAME, quiet);
  }, 60_000);

  test.each(Object.entries(TRIES).map(([what, { can }]) => [can ? "can" : "cannot", what] as const))(
    "root in a machine %s %s",
    (can, what) => {
      expect(console).toContain(`${what}: ${can === "can" ? "yes" : "no"}`);
    },
  );

  test("a rule for a neighbour's port takes effect at once", async () => {
    await open(81);
    expect(await consoleWith(attacker, "the other port opened")).toBeTruthy();
  }, 30_000);

  test("a machine ends with its nspawn, however that ends", async () => {
    const children = (pid: string) => execFileSync("pgrep", ["--parent", pid], { encoding: "utf8" }).trim();
    const nspawn = execFileSync("pgrep", ["-f", `^systemd-nspawn .*--machine=${networkName}-${attacker}`])
      .toString()
      .trim();
    const init = children(nspawn);
    process.kill(Number(nspawn), "SIGKILL");
    for (let tries = 0; tries < 50 && existsSync(`/proc/${init}`); tries++) await sleep(100);
    expect(existsSync(`/proc/${init}`)).toBe(false);
  }, 30_000);

  test("a neighbour of the host reaches neither endpoint nor instance, nor learns who has their addresses", async () => {
    const neighbour = `${networkName}-nb`;
    const ip = (...args: string[]) => execFileSync("ip", args);
    const own = identity.index; // two clouds' tests at once
    try {
      ip("netns", "add", neighbour);
      ip("link", "add", `nb${own}`, "type", "veth", "peer", "name", "eth0", "netns", neighbour);
      ip("addr", "add", `10.99.${own}.1/24`, "dev", `nb${own}`);
      ip("link", "set", `nb${own}`, "up");
      ip("-n", neighbour, "addr", "add", `10.99.${own}.2/24`, "dev", "eth0");
      ip("-n", neighbour, "link", "set", "eth0", "up");
      ip("-n", neighbour, "route", "add", "default", "via", `10.99.${own}.1`);
      const server = await serving(undefined, `10.99.${own}.1`);
      expect(await connects(neighbour, `10.99.${own}.1`, 7_000)).toBe(true);
      server.kill();
      expect(await connects(neighbour, endpointAddress, 8773)).toBe(false);
      expect(await connects(neighbour, victimAddress, 80)).toBe(false);
      ip("-n", neighbour, "route", "replace", `10.67.${own}.0/24`, "dev", "eth0");
      expect(await connects(neighbour, endpointAddress, 8773)).toBe(false);
      expect(ip("-n", neighbour, "neigh", "show", endpointAddress).toString()).not.toContain("lladdr");
    } finally {
      execFileSync("ip", ["netns", "delete", neighbour]);
    }
  }, 60_000);
});

test("through the links that a cloud opens, nobody but the cloud gets anywhere (proves the rules in a network of its own)", async () => {
  // world --- eth0 [host] lan0 --- lan, and the cloud's own link
  const names = { host: "pl-test-host", world: "pl-test-world", lan: "pl-test-lan", cloud: "pl-test-cloud" };
  const ip = (...args: string[]) => execFileSync("ip", args);
  const link = (name: string, where: string, from: string, to: string) => {
    ip("-n", names.host, "link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", where);
    ip("-n", names.host, "addr", "add", `${from}/24`, "dev", name);
    ip("-n", names.host, "link", "set", name, "up");
    ip("-n", where, "addr", "add", `${to}/24`, "dev", "eth0");
    ip("-n", where, "link", "set", "eth0", "up");
    ip("-n", where, "link", "set", "lo", "up");
    ip("-n", where, "route", "add", "default", "via", from);
  };
  const servers: ChildProcess[] = [];
  try {
    for (const name of Object.values(names)) ip("netns", "add", name);
    link("eth0", names.world, "203.0.113.1", "203.0.113.2");
    link("lan0", names.lan, "192.168.7.1", "192.168.7.2");
    link(networkName, names.cloud, `${privatePrefix}.1`, `${privatePrefix}.2`);
    const table = nftTable(identity, { outside: ["eth0"], forwardForClouds: ["eth0"], proxyPorts: [] });
    inside(names.host, ["nft", "-f", "-"], table);
    for (const name of ["eth0", networkName])
      inside(names.host, ["sysctl", "-qw", `net.ipv4.conf.${name}.forwarding=1`]);
    servers.push(await serving(names.world, "203.0.113.2"), await serving(names.lan, "192.168.7.2"));
    servers.push(await serving(names.cloud, `${privatePrefix}.2`), await serving(names.host, "192.168.7.1"));
    const reached = {
      "cloud to world": await connects(names.cloud, "203.0.113.2", 7_000),
      "cloud to the host's other network": await connects(names.cloud, "192.168.7.2", 7_000),
      "cloud to the host's other address": await connects(names.cloud, "192.168.7.1", 7_000),
      "world to cloud": await connects(names.world, `${privatePrefix}.2`, 7_000),
      "world to the host's other network": await connects(names.world, "192.168.7.2", 7_000),
      "the host's other network to world": await connects(names.lan, "203.0.113.2", 7_000),
      "the host's other network to cloud": await connects(names.lan, `${privatePrefix}.2`, 7_000),
    };
    expect(Object.entries(reached).flatMap(([way, isOpen]) => (isOpen ? [way] : []))).toEqual(["cloud to world"]);
  } finally {
    for (const server of servers) server.kill();
    for (const name of Object.values(names)) execFileSync("ip", ["netns", "delete", name]);
  }
}, 60_000);

/** Each try in a shell of its own, then the port that is opened later. */
function attackOn(victimAddress: string): string {
  const tries = Object.entries(TRIES).map(([what, { how }]) => `try "${what}" <<'TRY'\n${how}\nTRY\n`);
  return `#!/bin/bash
export V=${victimAddress}
try() { if timeout 10 bash -e /dev/stdin >/dev/null 2>&1; then echo "$1: yes"; else echo "$1: no"; fi >/dev/console; }
${tries.join("")}echo "tried everything" >/dev/console
until timeout 1 bash -c 'exec 3<>/dev/tcp/$V/81'; do sleep 0.3; done
echo "the other port opened" >/dev/console
`;
}

const nsenter = (namespace: string, command: readonly string[]): string[] => [
  `--net=/run/netns/${namespace}`,
  ...command,
];

function inside(namespace: string, command: readonly string[], input = ""): void {
  execFileSync("nsenter", nsenter(namespace, command), { input });
}

/** A server on port 7000 of a namespace, or of the host. */
async function serving(namespace: string | undefined, address: string): Promise<ChildProcess> {
  const program = `require("net").createServer((s) => s.end()).listen(7000, "${address}", () => console.log("up"))`;
  const command = [process.execPath, "-e", program];
  const [first = "", ...rest] = namespace === undefined ? command : ["nsenter", ...nsenter(namespace, command)];
  const server = spawn(first, rest, { stdio: ["ignore", "pipe", "inherit"] });
  await once(server.stdout, "data");
  return server;
}

async function connects(namespace: string, address: string, port: number): Promise<boolean> {
  const command = ["timeout", "2", "bash", "-c", `exec 3<>/dev/tcp/${address}/${port}`];
  const child = spawn("nsenter", nsenter(namespace, command), { stdio: "ignore" });
  const [code] = await once(child, "close");
  return code === 0;
}
