import { describe, expect, test } from "@jest/globals";
import { cloudIdentity } from "../identity.ts";
import { eventually, FakeDriver } from "../testing/testCloud.ts";
import { testInstance } from "../testing/testInstance.ts";
import { beginTermination, REASONS } from "./life.ts";
import { newWorldState } from "./newWorld.ts";
import { Reconciler } from "./reconciler.ts";
import { World } from "./world.ts";

class StubbornDriver extends FakeDriver {
  refusals = 2;

  override async end(instanceId: string): Promise<void> {
    this.refusals -= 1;
    if (this.refusals >= 0) throw new Error("busy");
    await super.end(instanceId);
  }
}

function reconcilerOf(driver: FakeDriver) {
  const world = new World(
    newWorldState({ mode: "vpc", version: "5.1" }, cloudIdentity("local"), "s"),
    cloudIdentity("local"),
    [],
    () => new Date(),
  );
  const log: string[] = [];
  const saved: string[] = [];
  const applied: number[] = [];
  const reconciler = new Reconciler(world, {
    driver,
    network: { apply: (routes) => void applied.push(routes.length) },
    save: async () => {
      saved.push([...world.state.instances.values()].map(({ state }) => state).join());
    },
    retryMs: 5,
    watchMs: 5,
    log: (line) => log.push(line),
  });
  const add = (state: "pending" | "running") => {
    const instance = testInstance("i-1", { state });
    world.state.instances.set("i-1", instance);
    return instance;
  };
  return { world, reconciler, log, saved, applied, add };
}

describe("the reconciler (proves retries, adoption and saving; boots nothing)", () => {
  test("ends a machine that would not end, later, and says so", async () => {
    const { reconciler, add, log, saved } = reconcilerOf(new StubbornDriver());
    const instance = add("running");
    beginTermination(instance);
    reconciler.wake();
    await eventually(() => instance.state === "terminated" && saved.at(-1) === "terminated");
    expect(log.filter((line) => line.includes("busy"))).toHaveLength(2);
    await reconciler.close();
  });

  test("a machine without an instance is ended, one that was starting is taken over, not started twice", async () => {
    const driver = new FakeDriver();
    const { reconciler, add } = reconcilerOf(driver);
    const instance = add("pending");
    for (const id of ["i-1", "i-stray"]) {
      driver.machines.set(id, { instanceId: id, image: "debian-12-cloud-init", privateAddress: "", macAddress: "" });
    }
    driver.startFailure = new Error("started twice");
    await reconciler.adopt();
    expect([...driver.machines.keys(), instance.state]).toEqual(["i-1", "running"]);
    await reconciler.close();
  });

  test("a machine that ends by itself is cleaned up, its instance terminated, its elastic address kept and not associated", async () => {
    const driver = new FakeDriver();
    const ended: string[] = [];
    driver.end = async (instanceId) => void ended.push(instanceId);
    const { reconciler, world, add, applied, saved } = reconcilerOf(driver);
    const instance = add("running");
    driver.machines.set("i-1", { ...instance, image: "debian-12-cloud-init" });
    const address = { publicAddress: "127.66.0.10", domain: "vpc", allocationId: "eipalloc-1" } as const;
    const elastic = { ...address, associationId: "eipassoc-1", instanceId: "i-1" };
    world.state.addresses.set("127.66.0.10", elastic);
    await reconciler.adopt();
    expect([instance.state, applied]).toEqual(["running", [1]]);
    driver.machines.clear();
    await eventually(() => saved.at(-1) === "terminated");
    expect([instance.reason, ended]).toEqual([REASONS.vanished, ["i-1"]]);
    expect(world.state.addresses.get("127.66.0.10")).toMatchObject({ ...address, instanceId: undefined });
    await eventually(() => applied.at(-1) === 0);
    await reconciler.close();
  });

  test("a machine that starts while the running ones are counted is not taken for one that has ended", async () => {
    const driver = new FakeDriver();
    const { reconciler, add } = reconcilerOf(driver);
    const instance = add("pending");
    driver.running = async () => {
      instance.state = "running"; // its start ends between the count and the answer
      return [];
    };
    await reconciler.watch();
    expect(instance.state).toBe("running");
    await reconciler.close();
  });

  test("ports are known before a machine starts, and again after rules could not be set", async () => {
    const driver = new FakeDriver();
    const guard = driver.guard.bind(driver);
    driver.guard = () => Promise.reject(new Error("no nft"));
    const { reconciler, add, log } = reconcilerOf(driver);
    add("pending");
    reconciler.wake();
    await eventually(() => log.some((line) => line.includes("no nft")));
    driver.guard = guard;
    reconciler.wake();
    await eventually(() => driver.ports.some(({ instanceId }) => instanceId === "i-1"));
    await reconciler.close();
  });

  test("nothing begins after closing", async () => {
    const { reconciler, add } = reconcilerOf(new FakeDriver());
    await reconciler.close();
    const instance = add("pending");
    reconciler.wake();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(instance.state).toBe("pending");
  });
});
