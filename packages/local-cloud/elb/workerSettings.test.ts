import { beforeEach, describe, expect, test } from "@jest/globals";
import { cloudIdentity } from "../identity.ts";
import { newWorldState } from "../world/newWorld.ts";
import type { CloudMode, Instance, Rule, SecurityGroup } from "../world/types.ts";
import { World } from "../world/world.ts";
import { dnsNameOf } from "./shared.ts";
import type { LoadBalancer } from "./types.ts";
import { workerSettings } from "./workerSettings.ts";

let world: World;
let servers: SecurityGroup;
let front: SecurityGroup;
let balancer: LoadBalancer;

function begin(mode: CloudMode): void {
  const identity = cloudIdentity("local");
  world = new World(newWorldState({ mode, version: "5.1" }, identity, "seed"), identity, [], () => new Date());
  servers = world.addGroup("servers", "");
  front = world.addGroup("front", "");
  const instance = { instanceId: "i-00000001", state: "running", privateAddress: "10.66.0.10" };
  world.state.instances.set("i-00000001", { ...instance, groupIds: [servers.groupId] } as unknown as Instance);
  balancer = {
    ...{ name: "lb", dnsName: dnsNameOf("lb", "internet-facing"), createdTime: "", scheme: "internet-facing" },
    ...{ zones: ["one"], subnetIds: [], groupIds: mode === "vpc" ? [front.groupId] : [], ownGroupId: undefined },
    listeners: [{ protocol: "HTTP", loadBalancerPort: 80, instanceProtocol: "HTTP", instancePort: 8080 }],
    healthCheck: { target: "HTTP:81/", interval: 10, timeout: 5, unhealthyThreshold: 3, healthyThreshold: 2 },
    ...{ idleTimeout: 60, crossZone: false, accessLog: { enabled: false }, tags: new Map() },
    registrations: new Map([["i-00000001", { registeredAt: "" }]]),
    workerAddress: undefined,
  };
}

const rule = (from: number, to: number, cidr: string | undefined, groupId?: string): Rule => ({
  ...{ protocol: "tcp", fromPort: from, toPort: to },
  ranges: cidr === undefined ? [] : [{ cidr, description: undefined }],
  groups: groupId === undefined ? [] : [{ groupId, description: undefined }],
});
const settings = () => workerSettings(world, balancer, false);
const openPorts = () => settings().servers[0]?.openPorts;

describe.each(["edge", "vpc"] as const)("what a server's groups let in, in mode %s", (mode) => {
  beforeEach(() => begin(mode));

  test("nothing without a rule, nor by one for another network", () => {
    expect(openPorts()).toEqual([]);
    servers.ingress = [rule(8080, 8080, "192.0.2.0/24")];
    expect(openPorts()).toEqual([]);
  });

  test("the port of a listener and that of the check, each by itself", () => {
    servers.ingress = [rule(8080, 8080, "0.0.0.0/0")];
    expect(openPorts()).toEqual([8080]);
    servers.ingress = [rule(81, 8080, "0.0.0.0/0")];
    expect(openPorts()).toEqual([8080, 81]);
  });
});

describe("in a VPC", () => {
  beforeEach(() => begin("vpc"));

  test("a server may let in the balancer's group alone", () => {
    servers.ingress = [rule(81, 8080, undefined, front.groupId)];
    expect(openPorts()).toEqual([8080, 81]);
    balancer.groupIds = [];
    expect(openPorts()).toEqual([]);
  });

  test("a listener is served when the balancer's groups open it", () => {
    expect(settings().listeners).toEqual([]);
    front.ingress = [rule(80, 80, "0.0.0.0/0")];
    expect(settings().listeners).toEqual([{ mode: "http", port: 80, instancePort: 8080 }]);
  });
});

describe("in EDGE", () => {
  beforeEach(() => begin("edge"));

  test("each listener is open; the idle timeout is from 1 to 3600 s; one without a zone has no servers", () => {
    expect(settings().listeners).toHaveLength(1);
    balancer.idleTimeout = 100_000;
    expect(settings().idleTimeout).toBe(3_600);
    balancer.idleTimeout = -1;
    expect(settings().idleTimeout).toBe(1);
    balancer.zones = [];
    expect(settings().servers).toEqual([]);
  });
});
