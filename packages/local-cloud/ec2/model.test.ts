import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { cloudIdentity } from "../identity.ts";
import { IMAGE_NAMES, imageId } from "../machine/images.ts";
import { ServiceError } from "../wire/faults.ts";
import { beginTermination, completeTermination } from "../world/life.ts";
import { newWorldState } from "../world/newWorld.ts";
import { routesOf } from "../world/routes.ts";
import type { CloudMode } from "../world/types.ts";
import { World } from "../world/world.ts";
import { ACTIONS } from "./actions.ts";

/** `FUZZ_RUNS=5000 npm run test:unit -- ec2/model` looks longer. */
const RUNS = Number(process.env.FUZZ_RUNS ?? 25);
const IMAGE = imageId("debian-12-cloud-init");

/** What a person would write down of the cloud: which address is on which instance. */
interface Model {
  readonly running: Set<string>;
  /** Allocated addresses, with their instance. */
  readonly addresses: Map<string, string | undefined>;
}

type Step =
  | { readonly act: "launch" | "allocate" }
  | { readonly act: "associate" | "associateAgain"; readonly address: number; readonly instance: number }
  | { readonly act: "disassociate" | "release"; readonly address: number }
  | { readonly act: "terminate" | "vanish"; readonly instance: number };

const index = fc.nat(2);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ act: fc.constantFrom("launch", "allocate") }),
  fc.record({ act: fc.constantFrom("associate", "associateAgain"), address: index, instance: index }),
  fc.record({ act: fc.constantFrom("disassociate", "release"), address: index }),
  fc.record({ act: fc.constantFrom("terminate", "vanish"), instance: index }),
);

test.each<CloudMode>(["vpc", "edge"])(
  "%s: after any steps, instances, addresses and associations are what a list on paper says",
  (mode) => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 20, maxLength: 60 }), (steps) => {
        const world = newWorld(mode);
        const model: Model = { running: new Set(), addresses: new Map() };
        for (const one of steps) {
          perform(world, model, one);
          check(world, model);
        }
      }),
      { numRuns: RUNS },
    );
  },
  60_000,
);

function newWorld(mode: CloudMode): World {
  const identity = cloudIdentity("model");
  return new World(newWorldState({ mode, version: "5.1" }, identity, "seed"), identity, IMAGE_NAMES, () => new Date());
}

/** An action with nothing but what is given; a list that is not given is empty. */
function call(world: World, name: string, given: object): Record<string, unknown> {
  const action = ACTIONS.get(name);
  if (!action) throw new Error(name);
  const lists = Object.entries(action.params).filter(([, field]) => Array.isArray(field));
  const request = { ...Object.fromEntries(lists.map(([list]) => [list, []])), ...given };
  return action.run(world, request as never);
}

/** The code of a refusal; undefined when it was done. */
function refusal(act: () => unknown): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    if (error instanceof ServiceError) return error.code;
    throw error;
  }
}

function perform(world: World, model: Model, one: Step): void {
  const { running, addresses } = model;
  const instanceAt = (at: number) => [...running][at];
  const addressAt = (at: number) => [...addresses.keys()][at];
  switch (one.act) {
    case "launch": {
      const before = new Set(world.state.instances.keys());
      call(world, "RunInstances", { ImageId: IMAGE, MinCount: 1, MaxCount: 1 });
      for (const instance of world.state.instances.values()) {
        if (before.has(instance.instanceId)) continue;
        instance.state = "running";
        running.add(instance.instanceId);
      }
      return;
    }
    case "allocate": {
      const { publicIp } = call(world, "AllocateAddress", {});
      addresses.set(String(publicIp), undefined);
      return;
    }
    case "associate":
    case "associateAgain": {
      const [publicIp, instanceId] = [addressAt(one.address), instanceAt(one.instance)];
      if (publicIp === undefined || instanceId === undefined) return;
      const isHeld = addresses.get(publicIp) !== undefined && addresses.get(publicIp) !== instanceId;
      const again = one.act === "associateAgain";
      const named = world.isVpc
        ? { AllocationId: world.state.addresses.get(publicIp)?.allocationId, AllowReassociation: again }
        : { PublicIp: publicIp };
      const refused = refusal(() => call(world, "AssociateAddress", { ...named, InstanceId: instanceId }));
      expect(refused).toBe(world.isVpc && isHeld && !again ? "Resource.AlreadyAssociated" : undefined);
      if (refused === undefined) moved(model, publicIp, instanceId);
      return;
    }
    case "disassociate": {
      const publicIp = addressAt(one.address);
      const association = world.state.addresses.get(publicIp ?? "")?.associationId;
      if (publicIp === undefined || addresses.get(publicIp) === undefined) return;
      call(world, "DisassociateAddress", world.isVpc ? { AssociationId: association } : { PublicIp: publicIp });
      addresses.set(publicIp, undefined);
      return;
    }
    case "release": {
      const publicIp = addressAt(one.address);
      if (publicIp === undefined) return;
      const allocation = world.state.addresses.get(publicIp)?.allocationId;
      const named = world.isVpc ? { AllocationId: allocation } : { PublicIp: publicIp };
      const refused = refusal(() => call(world, "ReleaseAddress", named));
      expect(refused === undefined).toBe(!world.isVpc || addresses.get(publicIp) === undefined);
      if (refused === undefined) addresses.delete(publicIp);
      return;
    }
    case "terminate":
    case "vanish": {
      const instanceId = instanceAt(one.instance);
      const instance = world.state.instances.get(instanceId ?? "");
      if (!instance) return;
      if (one.act === "terminate") call(world, "TerminateInstances", { InstanceId: [instance.instanceId] });
      else beginTermination(instance);
      completeTermination(world, instance);
      running.delete(instance.instanceId);
      for (const [publicIp, holder] of addresses) if (holder === instanceId) addresses.set(publicIp, undefined);
    }
  }
}

/** On paper: the address leaves where it was, and the instance loses the one that it had. */
function moved({ addresses }: Model, publicIp: string, instanceId: string): void {
  for (const [other, holder] of addresses) if (holder === instanceId) addresses.set(other, undefined);
  addresses.set(publicIp, instanceId);
}

function check(world: World, { running, addresses }: Model): void {
  const living = world.livingInstances();
  expect(new Set(living.map(({ instanceId }) => instanceId))).toEqual(running);
  const held = [...world.state.addresses.values()].map(({ publicAddress, instanceId }) => [publicAddress, instanceId]);
  expect(new Map(held as [string, string | undefined][])).toEqual(addresses);
  // Each living instance has one public address, elastic or the system's own, and no two have the same.
  const shown = living.map((instance) => world.publicAddressOf(instance));
  expect(shown).not.toContain(undefined);
  expect(new Set(shown).size).toBe(living.length);
  for (const instance of living) {
    const elastic = [...addresses].find(([, holder]) => holder === instance.instanceId)?.[0];
    expect(instance.systemAddress === undefined).toBe(elastic !== undefined);
  }
  // No two associations have the same id, and only VPC has ids.
  const ids = [...world.state.addresses.values()].flatMap(({ associationId }) => associationId ?? []);
  const associated = [...addresses.values()].filter((holder) => holder !== undefined).length;
  expect(ids).toHaveLength(world.isVpc ? associated : 0);
  expect(new Set(ids).size).toBe(ids.length);
  expect(new Set(routesOf(world).map(({ instanceId }) => instanceId))).toEqual(running);
}
