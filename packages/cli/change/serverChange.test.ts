import { describe, expect, test } from "@jest/globals";
import { addressChange } from "./addressChange.ts";
import { serverChange } from "./serverChange.ts";
import { bucketWith, changeOf, previewOf, serverSteps, urn, userData } from "./testing/testChange.ts";
import { headlineOf } from "./words.ts";

const instance = (release: string) => urn("Server$aws:ec2/instance:Instance", `planet-${release}`);
const served = urn("PublicAddress$command:local:Command", "address-served");
const state = (release: string) => ({ inputs: { tags: { "planet:release": release }, userData: "" } });
const wait = (release: string) => ({ inputs: { environment: { PLANET_RELEASE: release } } });
const groupOf = (release: string) => urn("Server$aws:autoscaling/group:Group", `planet-${release}`);
const members = (release: string) => {
  return { inputs: { tags: [{ key: "planet:release", value: release, propagateAtLaunch: true }] } };
};
const traffic = urn("Traffic$command:local:Command", "traffic-served");
const associated = urn("PublicAddress$aws:ec2/eipAssociation:EipAssociation", "address-association");
const there = (publicIp: string) => ({ inputs: { publicIp } });

describe("servers behind a balancer", () => {
  const sized = (release: string, desiredCapacity: number) => ({
    inputs: { ...members(release).inputs, desiredCapacity },
  });
  const balancer = urn("Balancer$aws:elb/loadBalancer:LoadBalancer", "balancer-elb");
  const headline = (steps: object[]) =>
    headlineOf(changeOf(previewOf(steps), bucketWith({})))
      .map((part) => (typeof part === "string" ? part : part.quoted))
      .join("");

  test.each<[string, object[], string]>([
    ["the first ones", [{ op: "create", urn: groupOf("1"), newState: sized("1", 2) }], "First servers: 2 of release 1"],
    [
      "another release",
      [
        { op: "create", urn: groupOf("2"), newState: sized("2", 2) },
        { op: "delete", urn: groupOf("1"), oldState: sized("1", 2) },
      ],
      "New servers: 2 of release 2 get readers once each of them serves the page; then 1 goes.",
    ],
    [
      "more",
      [{ op: "update", urn: groupOf("1"), oldState: sized("1", 2), newState: sized("1", 3) }],
      "Servers: 2 → 3.",
    ],
    [
      "fewer",
      [{ op: "update", urn: groupOf("1"), oldState: sized("1", 3), newState: sized("1", 2) }],
      "Servers: 3 → 2.",
    ],
  ])("%s are said in one sentence", (_, steps, text) => {
    expect(headline(steps)).toContain(text);
  });

  test("what differs between two releases is in what a group starts its servers with", () => {
    const launch = (release: string) =>
      urn("Server$aws:ec2/launchConfiguration:LaunchConfiguration", `planet-${release}-launch`);
    const made = (instanceType: string) => ({ inputs: { imageId: "emi-1", instanceType } });
    const steps = [
      { op: "create", urn: launch("2"), newState: made("m1.large") },
      { op: "create", urn: groupOf("2"), newState: sized("2", 2) },
      { op: "delete", urn: groupOf("1"), oldState: sized("1", 2) },
      { op: "delete", urn: launch("1"), oldState: made("m1.small") },
    ];
    expect(serverChange(previewOf(steps))?.reasons).toEqual([
      { what: "planet:instanceType", before: "m1.small", after: "m1.large" },
    ]);
    expect(changeOf(previewOf(steps), bucketWith({})).others).toEqual([]);
  });

  test("a balancer that goes is a warning: a name in the DNS leads to it", () => {
    const there = { inputs: {}, outputs: { dnsName: "planet-prod-1.lb.cloud.internal" } };
    const { warnings } = changeOf(previewOf([{ op: "delete", urn: balancer, oldState: there }]), bucketWith({}));
    expect(warnings).toContain("Nothing answers at planet-prod-1.lb.cloud.internal any more.");
  });
});

describe("serverChange (proves what the steps are read as; not that the engine makes such steps)", () => {
  test.each<{ name: string; steps: object[]; kind: string | undefined }>([
    { name: "no step", steps: [], kind: undefined },
    {
      name: "only a tag",
      steps: [{ op: "update", urn: instance("1"), oldState: state("1"), newState: state("1") }],
      kind: undefined,
    },
    { name: "create", steps: [{ op: "create", urn: instance("1"), newState: state("1") }], kind: "first" },
    {
      name: "create and delete",
      steps: [
        { op: "create", urn: instance("2"), newState: state("2") },
        { op: "delete", urn: instance("1"), oldState: state("1") },
      ],
      kind: "new",
    },
    {
      name: "replace by name",
      steps: [{ op: "replace", urn: instance("1"), oldState: state("1"), newState: state("1") }],
      kind: "again",
    },
    {
      name: "the machine was gone at the refresh",
      steps: [
        { op: "create", urn: instance("1"), newState: state("1") },
        { op: "replace", urn: served, oldState: wait("1"), newState: wait("1") },
      ],
      kind: "again",
    },
    {
      name: "an earlier server still runs",
      steps: [
        { op: "replace", urn: served, oldState: wait("2"), newState: wait("1") },
        { op: "delete", urn: instance("2"), oldState: state("2") },
      ],
      kind: "back",
    },
    {
      name: "destroy",
      steps: [
        { op: "delete", urn: served, oldState: wait("1") },
        { op: "delete", urn: instance("1"), oldState: state("1") },
      ],
      kind: "removed",
    },
    {
      name: "a group of several servers for another",
      steps: [
        { op: "create", urn: groupOf("2"), newState: members("2") },
        { op: "delete", urn: groupOf("1"), oldState: members("1") },
      ],
      kind: "new",
    },
    {
      name: "an earlier group still runs",
      steps: [
        { op: "replace", urn: traffic, oldState: wait("2"), newState: wait("1") },
        { op: "delete", urn: groupOf("2"), oldState: members("2") },
      ],
      kind: "back",
    },
    {
      name: "more servers",
      steps: [{ op: "update", urn: groupOf("1"), oldState: members("1"), newState: members("1") }],
      kind: undefined,
    },
  ])("$name: $kind", ({ steps, kind }) => expect(serverChange(previewOf(steps))?.kind).toBe(kind));

  test("a variable that an earlier version does not have is a reason only where it says something", () => {
    const from = (release: string, header: string) => ({
      inputs: { tags: { "planet:release": release }, userData: `#!/bin/bash\n${header}:\n` },
    });
    const steps = [
      {
        op: "create",
        urn: instance("2"),
        newState: from("2", "PLANET_HOST='a.example'\nPLANET_HSTS='0'\nPLANET_PERMIT='1'\n"),
      },
      { op: "delete", urn: instance("1"), oldState: from("1", "") },
    ];
    expect(serverChange(previewOf(steps))?.reasons).toEqual([{ what: "planet:host", after: "a.example" }]);
  });

  test("reasons come from the header of the user-data, quotes included", () => {
    const before = { release: "1", userData: userData({ INTERVAL: "300", ALLOW_HOSTS: "a'\\''b" }) };
    const after = {
      release: "2",
      userData: userData({ INTERVAL: "60", ALLOW_HOSTS: "" }, "set -x\n"),
      ami: "emi-00000001",
    };
    expect(serverChange(previewOf(serverSteps(before, after)))?.reasons).toEqual([
      { what: "planet:image", before: "emi-f3df1488", after: "emi-00000001" },
      { what: "planet:allowHosts", before: "a'b", after: "" },
      { what: "planet:interval", before: "300", after: "60" },
      { what: "userdata/planet.sh" },
    ]);
  });
});

describe("a server whose user-data has secrets", () => {
  const secret = "[secret]";
  const plain = (interval: string) => userData({ INTERVAL: interval, MEMORY_SIGNATURE: "[secret]****" });
  const component = (before: string | undefined, after: string) => ({
    op: "update",
    urn: "urn:pulumi:prod::planet::planet:index:Server::planet",
    oldState: { inputs: before === undefined ? {} : { userData: before } },
    newState: { inputs: { userData: after } },
  });
  const changeOf = (before: string, ...more: object[]) =>
    serverChange(
      previewOf([...serverSteps({ release: "1", userData: before }, { release: "2", userData: secret }), ...more]),
    );
  const reasons = [{ what: "planet:interval", before: "300", after: "60" }];

  test("is compared by the component's text, which has placeholders", () => {
    const change = changeOf(secret, component(plain("300"), plain("60")));
    expect(change).toMatchObject({
      kind: "new",
      reasons,
      userDataDiff: expect.stringContaining("-PLANET_INTERVAL='300'"),
    });
  });

  test("is compared with the plain text that an earlier version gave to the instance", () => {
    expect(changeOf(plain("300"), component(undefined, plain("60")))).toMatchObject({ reasons });
  });

  test("is not compared where only the secret is there", () => {
    const change = changeOf(secret);
    expect(change).toMatchObject({ kind: "new", reasons: [] });
    expect(change).not.toHaveProperty("userDataDiff");
  });
});

describe("addressChange", () => {
  const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
  test.each<{ name: string; steps: object[]; is: object }>([
    { name: "no step", steps: [], is: { kind: "stays", before: "192.0.2.9", after: "192.0.2.9" } },
    { name: "first", steps: [{ op: "create", urn: associated, newState: there(unknown) }], is: { kind: "new" } },
    {
      name: "adopted",
      steps: [{ op: "create", urn: associated, newState: there("192.0.2.1") }],
      is: { kind: "new", after: "192.0.2.1" },
    },
    {
      name: "the stack's own again",
      steps: [{ op: "create", urn: associated, newState: there("192.0.2.9") }],
      is: { kind: "returns", after: "192.0.2.9" },
    },
    {
      name: "moved",
      steps: [{ op: "replace", urn: associated, oldState: there("192.0.2.9"), newState: there("192.0.2.9") }],
      is: { kind: "moves", before: "192.0.2.9", after: "192.0.2.9" },
    },
    {
      name: "another, to be allocated",
      steps: [{ op: "replace", urn: associated, oldState: there("192.0.2.9"), newState: there(unknown) }],
      is: { kind: "differs", before: "192.0.2.9" },
    },
    {
      name: "gone",
      steps: [{ op: "delete", urn: associated, oldState: there("192.0.2.9") }],
      is: { kind: "removed", before: "192.0.2.9" },
    },
  ])("$name", ({ steps, is }) => expect(addressChange(previewOf(steps))).toEqual(is));
});
