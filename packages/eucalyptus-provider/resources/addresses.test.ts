import { describe, expect, test } from "@jest/globals";
import { CloudError } from "@planet/eucalyptus-client";
import { createRequest, deleteRequest, liveAddress } from "../testing/facts.ts";
import { fakeCloud } from "../testing/fakeCloud.ts";
import { eip } from "./eip.ts";
import { edgeId, eipAssociation, parseEdgeId } from "./eipAssociation.ts";

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

  test("EDGE: the pair is the id, and the cloud's word is checked", async () => {
    let holder = "i-0a";
    const associateAddress = () => {
      holder = "i-0b";
      return "";
    };
    const ec2 = { findAddress: () => liveAddress({ instanceId: holder }), associateAddress };
    const fake = fakeCloud({ mode: "edge", ec2 });
    expect(await eipAssociation.create(fake.cloud, createRequest(wanted))).toMatchObject({ id: "192.0.2.1:i-0b" });
    const lying = fakeCloud({
      mode: "edge",
      ec2: { findAddress: () => liveAddress({ instanceId: "i-0c" }), associateAddress: () => "" },
    });
    await expect(eipAssociation.create(lying.cloud, createRequest(wanted))).rejects.toMatchObject({
      code: "ADDRESS_NOT_MOVED",
    });
  });

  test("takes it from nobody unless allowed to, also in EDGE, which would not ask", async () => {
    const fake = fakeCloud({ mode: "edge", ec2: { findAddress: () => liveAddress({ instanceId: "i-0a" }) } });
    const request = createRequest({ ...wanted, allowReassociation: false });
    await expect(eipAssociation.create(fake.cloud, request)).rejects.toMatchObject({ code: "ADDRESS_TAKEN" });
    expect(names(fake)).toEqual(["findAddress"]);
  });

  test("an address that is not ours is told as such, not as the cloud's 500", async () => {
    const fake = fakeCloud({ ec2: { findAddress: () => undefined } });
    await expect(eipAssociation.create(fake.cloud, createRequest(wanted))).rejects.toMatchObject({
      code: "ADDRESS_UNKNOWN",
    });
  });
});

describe("deleting an association that is history", () => {
  test("VPC: its id is unknown, which is what we wanted", async () => {
    const fake = fakeCloud({ ec2: { disassociateAddress: refusal("InvalidAssociationID.NotFound") } });
    await expect(eipAssociation.delete(fake.cloud, deleteRequest("eipassoc-1"))).resolves.toBeUndefined();
    const other = fakeCloud({ ec2: { disassociateAddress: refusal("InternalFailure") } });
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
    await eipAssociation.delete(fake.cloud, deleteRequest(edgeId("192.0.2.1", "i-0a")));
    expect(names(fake).includes("disassociateAddress")).toBe(detached);
  });

  test("an id tells the modes apart", () => {
    expect(parseEdgeId("192.0.2.1:i-0a")).toEqual({ publicAddress: "192.0.2.1", instanceId: "i-0a" });
    expect(parseEdgeId("eipassoc-1")).toBeUndefined();
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

  test("is not done while somebody holds it, though EDGE would do it without a word", async () => {
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
