import { describe, expect, test } from "@jest/globals";
import { judgeLoss, judgeNothing, judgePlanet, namedLeftovers } from "./judge.ts";
import type { Observed } from "./observe.ts";

const WELL: Observed = {
  servers: ["i-1"],
  addresses: [{ publicAddress: "127.0.0.1", holder: "i-1" }],
  groups: [{ id: "sg-1", ports: [80] }],
  buckets: ["planet"],
  objects: ["manifest.json", "planet.ini", "objects/1"],
  scalingGroups: [],
  launchConfigurations: [],
  balancers: [],
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

describe("servers behind a balancer", () => {
  const { address: _address, instanceId: _instanceId, ...others } = WELL.state;
  const resource = (type: string, id: string) => ({ type, id, outputs: {} });
  const group = { name: "planet-a", size: 2, members: ["i-1", "i-2"], suspended: [] };
  const well: Observed = {
    ...WELL,
    servers: ["i-1", "i-2"],
    addresses: [],
    scalingGroups: [group],
    launchConfigurations: ["launch-a"],
    balancers: [{ name: "planet-crash", registered: ["i-2", "i-1"] }],
    state: {
      ...others,
      address: undefined,
      instanceId: undefined,
      resources: [
        resource("aws:elb/loadBalancer:LoadBalancer", "planet-crash"),
        resource("aws:autoscaling/group:Group", "planet-a"),
        resource("aws:ec2/launchConfiguration:LaunchConfiguration", "launch-a"),
        ...WELL.state.resources.filter(({ type }) => /s3|securityGroup/.test(type)),
      ],
    },
  };

  test("that are as they should be have nothing wrong", () => {
    expect(judgePlanet(well, { release: "aaaaaaaa" })).toEqual([]);
  });

  test.each<[string, Partial<Observed>, RegExp]>([
    ["where an old release answers, too", { served: "aaaaaaaa, bbbbbbbb" }, /page's release is aaaaaaaa, bbbbbbbb/],
    [
      "of which one is in no balancer",
      { balancers: [{ name: "planet-crash", registered: ["i-1"] }] },
      /balancer is i-1/,
    ],
    ["of which one is missing", { scalingGroups: [{ ...group, members: ["i-1"] }] }, /planet-a has 1 of 2 members/],
    ["whose healing is off", { scalingGroups: [{ ...group, suspended: ["HealthCheck"] }] }, /HealthCheck of planet-a/],
    ["beside another group", { scalingGroups: [group, { ...group, name: "planet-b" }] }, /planet-b is in no state/],
    ["beside a server that is in no group", { servers: ["i-1", "i-2", "i-3"] }, /i-3 runs/],
    ["whose group is gone", { scalingGroups: [] }, /the state says Group planet-a/],
    ["whose balancer is another", { balancers: [{ name: "b", registered: ["i-1", "i-2"] }] }, /has forgotten b/],
    ["with a launch configuration too many", { launchConfigurations: ["launch-a", "b"] }, /does not name it: b/],
  ])("%s are wrong", (_, change, complaint) => {
    expect(judgePlanet({ ...well, ...change }, {})).toContainEqual(expect.stringMatching(complaint));
  });

  test("may have left a launch configuration that planet doctor names", () => {
    const left = {
      ...well,
      launchConfigurations: ["launch-a", "launch-b"],
      leftovers: ["launch configuration launch-b is not in the state"],
    };
    expect(judgePlanet(left, {})).toEqual([]);
    expect(namedLeftovers(left)).toEqual(["launch-b"]);
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
