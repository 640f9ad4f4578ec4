import { describe, expect, test } from "@jest/globals";
import { CloudError } from "@planet/eucalyptus-client";
import { createRequest, deleteRequest, diffRequest, liveAddress } from "../testing/facts.ts";
import { fakeCloud } from "../testing/fakeCloud.ts";
import { eip } from "./eip.ts";
import { addressKey, eipAssociation, parseEdgeId } from "./eipAssociation.ts";

const refusal = (code: string) => () => {
  throw new CloudError({ code, status: 400, message: "no", action: "a" });
};
const names = ({ calls }: { calls: readonly (readonly unknown[])[] }) => calls.map(([name]) => name);
const wanted = { publicIp: "192.0.2.1", instanceId: "i-0b", allowReassociation: true };

describe("putting an address on a server", () => {
  test("VPC: by the allocation id that we find ourselves, under the id that the cloud gives", async () => {
    const address = liveAddress({ allocationId: "eipalloc-1", instanceId: "i-0a" });
    const fake = fakeCloud({ ec2: { findAddress: () => address, associateAddress: () => "eipassoc-2" } });
    expect(await eipAssociation.create(fake.cloud, createRequest(wanted))).toMatchObject({
      id: "eipassoc-2",
      state: { allocationId: "eipalloc-1", instanceId: "i-0b" },
    });
    expect(fake.calls[1]).toEqual(["associateAddress", { address, instanceId: "i-0b", allowReassociation: true }]);
  });

  test("EDGE: the pair is the id, and the association is verified after the call", async () => {
    let holder = "i-0a";
    const associateAddress = () => {
      holder = "i-0b";
      return "";
    };
    const ec2 = { findAddress: () => liveAddress({ instanceId: holder }), associateAddress };
    const fake = fakeCloud({ mode: "edge", ec2 });
    expect(await eipAssociation.create(fake.cloud, createRequest(wanted))).toMatchObject({
      id: "192.0.2.1:i-0b:0000000a",
    });
    const lying = fakeCloud({
      mode: "edge",
      ec2: { findAddress: () => liveAddress({ instanceId: "i-0c" }), associateAddress: () => "" },
    });
    await expect(eipAssociation.create(lying.cloud, createRequest(wanted))).rejects.toMatchObject({
      code: "ADDRESS_NOT_MOVED",
    });
  });

  test("never takes it from another instance unless allowed to, even in EDGE, which would do it", async () => {
    const fake = fakeCloud({ mode: "edge", ec2: { findAddress: () => liveAddress({ instanceId: "i-0a" }) } });
    const request = createRequest({ ...wanted, allowReassociation: false });
    await expect(eipAssociation.create(fake.cloud, request)).rejects.toMatchObject({ code: "ADDRESS_TAKEN" });
    expect(names(fake)).toEqual(["findAddress"]);
  });

  test("an address that is not ours is reported as such, not as the cloud's 500", async () => {
    const fake = fakeCloud({ ec2: { findAddress: () => undefined } });
    await expect(eipAssociation.create(fake.cloud, createRequest(wanted))).rejects.toMatchObject({
      code: "ADDRESS_UNKNOWN",
    });
  });
});

describe("a move whose outcome is unknown", () => {
  const failing = (holderAfter: string, facts: { status: number; mode: "edge" | "vpc" }) => {
    let holder = "i-0a";
    const associateAddress = () => {
      holder = holderAfter;
      throw new CloudError({
        code: facts.status === 0 ? "Timeout" : "InternalFailure",
        status: facts.status,
        message: "no",
        action: "AssociateAddress",
      });
    };
    const associationId = facts.mode === "edge" ? "" : "eipassoc-7";
    const findAddress = () => liveAddress({ instanceId: holder, associationId });
    return fakeCloud({ mode: facts.mode, ec2: { findAddress, associateAddress } });
  };

  test.each([
    { mode: "edge" as const, status: 500, id: "192.0.2.1:i-0b:0000000a" },
    { mode: "edge" as const, status: 0, id: "192.0.2.1:i-0b:0000000a" },
    { mode: "vpc" as const, status: 500, id: "eipassoc-7" },
  ])("$mode, status $status: the address is there, so it is done", async ({ mode, status, id }) => {
    const fake = failing("i-0b", { status, mode });
    expect(await eipAssociation.create(fake.cloud, createRequest(wanted))).toMatchObject({ id });
  });

  test("the address is not there: the cloud's error stays", async () => {
    const fake = failing("i-0a", { status: 500, mode: "vpc" });
    await expect(eipAssociation.create(fake.cloud, createRequest(wanted))).rejects.toMatchObject({
      code: "InternalFailure",
    });
  });
});

describe("a difference that only the cloud shows", () => {
  const same = { changes: false, replaces: [], detailed: {} };
  const look = async (holder: string | undefined, news = wanted) => {
    const findAddress = () => (holder === undefined ? undefined : liveAddress({ instanceId: holder }));
    const fake = fakeCloud({ ec2: { findAddress } });
    const request = diffRequest({ id: "eipassoc-1", olds: wanted, oldInputs: wanted, news });
    return { fake, request, result: await eipAssociation.diffInCloud?.(fake.cloud, request, same) };
  };

  test("the address is where the state says: none", async () => {
    const { fake, request, result } = await look("i-0b");
    expect(result).toEqual(same);
    expect(fake.cloud.run.keeperOf(addressKey("192.0.2.1"))).toBe(request.urn);
  });

  test.each(["i-0c", "", undefined])(
    "it is on %j: a new association, which waits for readers again",
    async (holder) => {
      const { fake, result } = await look(holder);
      expect(result).toMatchObject({ changes: true, replaces: ["instanceId"] });
      expect(fake.said).toEqual([expect.stringContaining("not on i-0b")]);
    },
  );
});

describe("deleting an association that no longer exists", () => {
  test("VPC: its id is unknown, which is what we wanted", async () => {
    const gone = fakeCloud({ ec2: { describeAddresses: () => [] } });
    await expect(eipAssociation.delete(gone.cloud, deleteRequest("eipassoc-1"))).resolves.toBeUndefined();
    const describeAddresses = () => [liveAddress({ associationId: "eipassoc-1" })];
    const going = { describeAddresses, disassociateAddress: refusal("InvalidAssociationID.NotFound") };
    const fake = fakeCloud({ ec2: going });
    await expect(eipAssociation.delete(fake.cloud, deleteRequest("eipassoc-1"))).resolves.toBeUndefined();
    const other = fakeCloud({ ec2: { describeAddresses, disassociateAddress: refusal("InternalFailure") } });
    await expect(eipAssociation.delete(other.cloud, deleteRequest("eipassoc-1"))).rejects.toMatchObject({
      code: "InternalFailure",
    });
  });

  test.each([
    { name: "the successor holds it: nothing is detached", holder: "i-0b", detached: false },
    { name: "nobody holds it", holder: "", detached: false },
    { name: "we still hold it", holder: "i-0a", detached: true },
  ])("EDGE: $name", async ({ holder, detached }) => {
    const fake = fakeCloud({
      mode: "edge",
      ec2: { findAddress: () => liveAddress({ instanceId: holder }), disassociateAddress: () => undefined },
    });
    await eipAssociation.delete(fake.cloud, deleteRequest("192.0.2.1:i-0a:0000000b"));
    expect(names(fake).includes("disassociateAddress")).toBe(detached);
  });

  test("an id shows the mode", () => {
    for (const id of ["192.0.2.1:i-0a", "192.0.2.1:i-0a:0123abcd"]) {
      expect(parseEdgeId(id)).toEqual({ publicAddress: "192.0.2.1", instanceId: "i-0a" });
    }
    expect(parseEdgeId("eipassoc-1")).toBeUndefined();
  });
});

describe("an allocation whose outcome is unknown", () => {
  const failing = (appearing: string[]) => {
    let listed = [liveAddress({ publicAddress: "192.0.2.7" })];
    const allocateAddress = () => {
      listed = [...listed, ...appearing.map((publicAddress) => liveAddress({ publicAddress }))];
      throw new CloudError({ code: "ForeignAnswer", status: 200, message: "no", action: "AllocateAddress" });
    };
    const findAddress = (id: string) => listed.find(({ publicAddress }) => publicAddress === id);
    const ec2 = { describeAddresses: () => listed, findAddress, allocateAddress };
    return fakeCloud({ mode: "edge", ec2: { ...ec2, createTags: () => undefined, deleteTags: () => undefined } });
  };

  test("the only new address is ours: it does not leak", async () => {
    const fake = failing(["192.0.2.8"]);
    expect(await eip.create(fake.cloud, createRequest({}))).toMatchObject({ id: "192.0.2.8" });
  });

  test.each([[[]], [["192.0.2.8", "192.0.2.9"]]])("%j are new: none is taken", async (appearing) => {
    await expect(eip.create(failing(appearing).cloud, createRequest({}))).rejects.toMatchObject({
      code: "ForeignAnswer",
    });
  });
});

describe("releasing an address", () => {
  test.each(["InvalidAddressID.NotFound", "InvalidAllocationID.NotFound"])(
    "%s: it is released already",
    async (code) => {
      const fake = fakeCloud({ ec2: { findAddress: () => liveAddress(), releaseAddress: refusal(code) } });
      await expect(eip.delete(fake.cloud, deleteRequest("eipalloc-1"))).resolves.toBeUndefined();
    },
  );

  test("is refused while an instance holds it, although EDGE would do it", async () => {
    const fake = fakeCloud({ mode: "edge", ec2: { findAddress: () => liveAddress({ instanceId: "i-0a" }) } });
    await expect(eip.delete(fake.cloud, deleteRequest("192.0.2.1"))).rejects.toMatchObject({
      code: "WAITED_TOO_LONG",
      message: expect.stringContaining("held by i-0a"),
    });
    expect(names(fake)).not.toContain("releaseAddress");
  });

  test("EDGE: the address is its own id", async () => {
    const fake = fakeCloud({
      mode: "edge",
      ec2: {
        describeAddresses: () => [],
        allocateAddress: () => ({ publicAddress: "192.0.2.1", allocationId: "" }),
        findAddress: () => liveAddress(),
        deleteTags: () => undefined,
        createTags: () => undefined,
      },
    });
    expect(await eip.create(fake.cloud, createRequest({}))).toMatchObject({
      id: "192.0.2.1",
      state: { publicIp: "192.0.2.1", allocationId: "", domain: "standard" },
    });
  });
});
