import { afterEach, beforeEach, expect, test } from "@jest/globals";
import type { ActiveFault } from "../faults/faultLayer.ts";
import { cloudIdentity } from "../identity.ts";
import { newWorldState } from "../world/newWorld.ts";
import type { Instance } from "../world/types.ts";
import { World } from "../world/world.ts";
import { Balancers } from "./balancers.ts";
import { healthOf, register } from "./instances.ts";
import { createLoadBalancer, deleteLoadBalancer } from "./loadBalancers.ts";
import type { LoadBalancer, ReportedState } from "./types.ts";
import type { WorkerSettings } from "./worker.ts";

/** A worker that notes what it is told, and says what the test wants. */
interface FakeWorker {
  readonly address: string;
  readonly told: WorkerSettings[];
  says: ReadonlyMap<string, ReportedState>;
  isEnded: boolean;
}

let now: number;
let world: World;
let workers: FakeWorker[];
let faults: Map<string, ActiveFault>;
let balancers: Balancers;
beforeEach(() => {
  now = Date.parse("2026-11-29T12:00:00Z");
  const identity = cloudIdentity("local");
  world = new World(
    newWorldState({ mode: "edge", version: "5.1" }, identity, "seed"),
    identity,
    [],
    () => new Date(now),
  );
  workers = [];
  faults = new Map();
  balancers = open();
  create();
});
afterEach(() => balancers.close());

const create = () =>
  createLoadBalancer.run(world, {
    ...{
      LoadBalancerName: "lb",
      AvailabilityZones: ["one"],
      Subnets: [],
      SecurityGroups: [],
      Scheme: undefined,
      Tags: [],
    },
    Listeners: [
      {
        ...{ Protocol: "HTTP", LoadBalancerPort: 80, InstanceProtocol: "HTTP", InstancePort: 80 },
        SSLCertificateId: undefined,
      },
    ],
  });

function open(): Balancers {
  const host = {
    start(_name: string, address: string) {
      const worker: FakeWorker = { address, told: [], says: new Map(), isEnded: false };
      workers.push(worker);
      return {
        apply: (settings: WorkerSettings) => void worker.told.push(settings),
        states: () => worker.says,
        get hasEnded() {
          return worker.isEnded;
        },
        end: () => {
          worker.isEnded = true;
        },
      };
    },
  };
  return new Balancers(world, host, {
    take: (name) => {
      const fault = faults.get(name);
      faults.delete(name);
      return fault;
    },
    find: (name) => faults.get(name),
  });
}

function pass(seconds: number): void {
  for (let second = 0; second < seconds; second += 1) {
    now += 1_000;
    balancers.step();
  }
}

const lb = (): LoadBalancer => {
  const found = world.state.loadBalancers.get("lb");
  if (!found) throw new Error("it is gone");
  return found;
};
const newest = (): FakeWorker => {
  const worker = workers.at(-1);
  if (!worker) throw new Error("there is no worker");
  return worker;
};
const servers = (): string[] | undefined =>
  newest()
    .told.at(-1)
    ?.servers.map(({ instanceId }) => instanceId);
function registerServer(id: string): void {
  const instance = {
    instanceId: id,
    state: "running",
    privateAddress: "10.66.0.10",
    groupIds: [],
  } as unknown as Instance;
  world.state.instances.set(id, instance);
  register(world, lb(), [id]);
}
const health = (id: string) => healthOf(world, lb(), id);

test("a worker comes some seconds after the load balancer, and its name with it", () => {
  pass(5);
  expect(balancers.addressOf(lb())).toBeUndefined();
  pass(1);
  expect(balancers.addressOf(lb())).toBe("127.66.0.10");
  expect(world.freePublicAddress()).toBe("127.66.0.11");
});

test("a change reaches it seconds later; one that is lost, with its own poll", () => {
  pass(10);
  registerServer("i-00000001");
  pass(2);
  expect(servers()).toEqual([]);
  pass(1);
  expect(servers()).toEqual(["i-00000001"]);
  faults.set("lost-push", { fault: "lost-push", met: 0 });
  registerServer("i-00000002");
  pass(40);
  expect(servers()).toEqual(["i-00000001"]);
  pass(20);
  expect(servers()).toEqual(["i-00000001", "i-00000002"]);
});

test("what it says is known two seconds after a registration, and else after the interval of the check", () => {
  pass(10);
  registerServer("i-00000001");
  expect(health("i-00000001").description).toBe("Instance registration is still in progress.");
  pass(3);
  newest().says = new Map([["i-00000001", "InService"]]);
  pass(2);
  expect(health("i-00000001").state).toBe("InService");
  newest().says = new Map([["i-00000001", "OutOfService"]]);
  pass(25);
  expect(health("i-00000001").state).toBe("InService");
  pass(10);
  expect(health("i-00000001")).toMatchObject({ state: "OutOfService", reasonCode: "Instance" });
});

test("a worker that was not heard for six minutes makes errors, a zone that is taken out says so", () => {
  pass(10);
  registerServer("i-00000001");
  newest().says = new Map([["i-00000001", "InService"]]);
  pass(10);
  now += 361_000;
  expect(health("i-00000001")).toMatchObject({ state: "Error", reasonCode: "ELB" });
  pass(1);
  expect(health("i-00000001").state).toBe("InService");
  lb().zones = [];
  expect(health("i-00000001")).toMatchObject({ state: "OutOfService", description: "Zone disabled" });
});

test("a worker that dies has a successor at another address, after the time that the fault says", () => {
  pass(10);
  faults.set("lost-worker", { fault: "lost-worker", seconds: 120, times: 1, met: 0 });
  pass(1);
  expect([newest().isEnded, balancers.addressOf(lb())]).toEqual([true, undefined]);
  pass(119);
  expect(workers).toHaveLength(1);
  pass(1);
  expect(workers.map(({ address }) => address)).toEqual(["127.66.0.10", "127.66.0.11"]);
});

test("one that ends by itself has a successor too; a restart of the cloud keeps the address", () => {
  pass(10);
  newest().isEnded = true;
  pass(7);
  expect(newest().address).toBe("127.66.0.11");
  balancers.close();
  balancers = open();
  pass(1);
  expect([workers.length, newest().address]).toEqual([3, "127.66.0.11"]);
});

test("an instance that has ended leaves within a minute; a worker ends with its load balancer", () => {
  pass(10);
  registerServer("i-00000001");
  const instance = world.state.instances.get("i-00000001");
  if (instance) instance.state = "terminated";
  pass(60);
  expect([...lb().registrations.keys()]).toEqual([]);
  deleteLoadBalancer.run(world, { LoadBalancerName: "lb" });
  pass(1);
  expect(newest().isEnded).toBe(true);
});

test("one that is made anew by the same name has a worker of its own, after a boot of its own", () => {
  pass(10);
  deleteLoadBalancer.run(world, { LoadBalancerName: "lb" });
  world.state.deletedBalancers.clear();
  now += 10;
  create();
  pass(3);
  expect([workers.length, newest().isEnded, balancers.addressOf(lb())]).toEqual([1, true, undefined]);
  pass(4);
  expect([workers.length, newest().isEnded, balancers.addressOf(lb())]).toEqual([2, false, newest().address]);
});
