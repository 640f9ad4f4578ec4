import { describe, expect, test } from "@jest/globals";
import { cloudIdentity } from "../identity.ts";
import { eventually, FakeDriver } from "../wire/testCloud.ts";
import { beginTermination } from "./life.ts";
import { newWorldState } from "./newWorld.ts";
import { Reconciler } from "./reconciler.ts";
import { testInstance } from "./testInstance.ts";
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
    newWorldState("vpc", cloudIdentity("local"), "s"),
    cloudIdentity("local"),
    [],
    () => new Date(),
  );
  const log: string[] = [];
  const saved: string[] = [];
  const reconciler = new Reconciler(world, {
    driver,
    network: { apply: () => undefined },
    save: async () => {
      saved.push([...world.state.instances.values()].map(({ state }) => state).join());
    },
    retryMs: 5,
    log: (line) => log.push(line),
  });
  const add = (state: "pending" | "running") => {
    const instance = testInstance("i-1", { state });
    world.state.instances.set("i-1", instance);
    return instance;
  };
  return { world, reconciler, log, saved, add };
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

  test("nothing begins after closing", async () => {
    const { reconciler, add } = reconcilerOf(new FakeDriver());
    await reconciler.close();
    const instance = add("pending");
    reconciler.wake();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(instance.state).toBe("pending");
  });
});
