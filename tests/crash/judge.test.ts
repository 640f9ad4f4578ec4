import { describe, expect, test } from "@jest/globals";
import { judgeLoss, judgeNothing, judgePlanet, namedLeftovers } from "./judge.ts";
import type { Observed } from "./observe.ts";

const WELL: Observed = {
  servers: ["i-1"],
  addresses: [{ publicAddress: "127.0.0.1", holder: "i-1" }],
  groups: [{ id: "sg-1", ports: [80] }],
  buckets: ["planet"],
  objects: ["manifest.json", "planet.ini", "objects/1"],
  served: "aaaaaaaa",
  state: {
    address: "127.0.0.1",
    instanceId: "i-1",
    release: "aaaaaaaa",
    resources: [
      { type: "aws:ec2/instance:Instance", id: "i-1", outputs: { publicIp: "127.0.0.1" } },
      { type: "aws:ec2/eip:Eip", id: "eipalloc-1", outputs: { publicIp: "127.0.0.1" } },
      {
        type: "aws:ec2/eipAssociation:EipAssociation",
        id: "eipassoc-1",
        outputs: { publicIp: "127.0.0.1", instanceId: "i-1" },
      },
      { type: "aws:ec2/securityGroup:SecurityGroup", id: "sg-1", outputs: {} },
      { type: "aws:s3/bucket:Bucket", id: "planet", outputs: {} },
      ...["manifest.json", "planet.ini", "objects/1"].map((key) => {
        return { type: "aws:s3/bucketObjectv2:BucketObjectv2", id: key, outputs: { key } };
      }),
    ],
  },
  leftovers: [],
};

const without = (id: string): Partial<Observed> => {
  return { state: { ...WELL.state, resources: WELL.state.resources.filter((each) => each.id !== id) } };
};
const SECOND = { publicAddress: "127.0.0.2", holder: "" };
const addresses = (holder: string) => [{ publicAddress: "127.0.0.1", holder }];

describe("a planet", () => {
  test("that is as it should be has nothing wrong", () => {
    expect(judgePlanet(WELL, { address: "127.0.0.1", release: "aaaaaaaa", instanceId: "i-1" })).toEqual([]);
  });

  test.each<[string, Partial<Observed>, RegExp]>([
    ["without a holder of its address", { addresses: addresses("") }, /holder of the address is nobody/],
    ["whose address is on another server", { addresses: addresses("i-2") }, /holder of the address is i-2/],
    ["whose address was given up", { addresses: [] }, /127\.0\.0\.1 is not allocated/],
    ["that shows another release", { served: "bbbbbbbb" }, /page's release is bbbbbbbb/],
    ["that answers nobody", { served: undefined }, /page's release is unknown/],
    ["without its server", { servers: [] }, /server i-1 does not run/],
    [
      "with a second server",
      { servers: ["i-1", "i-2"] },
      /second server runs, and planet doctor does not name it: i-2/,
    ],
    ["whose server the state has forgotten", without("i-1"), /the state has forgotten i-1/],
    ["whose bucket the state has forgotten", without("planet"), /the state has forgotten planet/],
    ["whose group is gone", { groups: [] }, /the state says SecurityGroup sg-1/],
    ["whose bucket is gone", { buckets: [] }, /the state says Bucket planet/],
    ["with an object too few", { objects: ["manifest.json", "objects/1"] }, /BucketObjectv2 planet\.ini/],
    ["with an object too many", { objects: [...WELL.objects, "objects/2"] }, /does not name it: objects\/2/],
    ["with a group too many", { groups: [...WELL.groups, { id: "sg-2", ports: [] }] }, /does not name it: sg-2/],
    ["with an address too many", { addresses: [...WELL.addresses, SECOND] }, /does not name it: 127\.0\.0\.2/],
  ])("%s is wrong", (_, change, complaint) => {
    expect(judgePlanet({ ...WELL, ...change }, {})).toContainEqual(expect.stringMatching(complaint));
  });

  test("that should have kept its address, release or server is wrong with another", () => {
    expect(judgePlanet(WELL, { address: "127.0.0.9", release: "bbbbbbbb", instanceId: "i-9" })).toHaveLength(3);
  });

  test("may have left what planet doctor names, and a second server only where that is a listed exception", () => {
    const leftovers = ["address 127.0.0.2 is free", "server i-2 (running) is not in the state"];
    const left = { ...WELL, addresses: [...WELL.addresses, SECOND], leftovers };
    expect(judgePlanet(left, {})).toEqual([]);
    expect(namedLeftovers(left)).toEqual(["127.0.0.2"]);
    const second = { ...left, servers: ["i-1", "i-2"] };
    expect(judgePlanet(second, {})).toHaveLength(1);
    expect(judgePlanet(second, { mayLeaveServer: true })).toEqual([]);
    expect(judgePlanet({ ...second, leftovers: [] }, { mayLeaveServer: true })).not.toEqual([]);
  });
});

describe("what a fault may never take away", () => {
  test.each<[string, Partial<Observed>, RegExp]>([
    ["the address", { addresses: [] }, /was given up/],
    ["the server at the address", { addresses: addresses("i-7") }, /is on i-7/],
    ["the readers' answer", { served: undefined }, /nobody answers/],
    ["the bucket", { buckets: [] }, /the bucket/],
    ["the open port", { groups: [{ id: "sg-1", ports: [22] }] }, /port 80/],
    ["what readers read", { objects: ["manifest.json"] }, /planet\.ini/],
  ])("is %s", (_, change, loss) => {
    expect(judgeLoss(WELL, { ...WELL, ...change })).toContainEqual(expect.stringMatching(loss));
  });

  test("is nothing where the new server has taken over", () => {
    expect(judgeLoss(WELL, { ...WELL, servers: ["i-2"], addresses: addresses("i-2") })).toEqual([]);
  });
});

test("a destroy that is done has left nothing, in the cloud and in the state", () => {
  expect(judgeNothing(WELL)).toHaveLength(4 + WELL.state.resources.length);
  const nothing = {
    ...WELL,
    servers: [],
    addresses: [],
    groups: [],
    buckets: [],
    state: { ...WELL.state, resources: [] },
  };
  expect(judgeNothing(nothing)).toEqual([]);
});
