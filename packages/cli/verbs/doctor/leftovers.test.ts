import { describe, expect, test } from "@jest/globals";
import type { AutoScalingGroup, MadeLaunchConfiguration } from "@planet/eucalyptus-client";
import type { CloudFacts } from "./facts.ts";
import { judgeLeftovers, needsUserData } from "./judgeLeftovers.ts";
import { address, cloud, group, instance, subject } from "./testing/testDoctor.ts";

/** As the provider marks it. */
const COMPLETE = "pulumi:complete";
const OURS = instance({}).tags;
const TOKEN = "0a".repeat(32);
/** The head of what userdata/render.ts renders. */
const USER_DATA = [
  "#!/bin/bash",
  "PLANET_ALLOW_HOSTS=''",
  "PLANET_BUCKET_URL='http://192.0.2.1:8773/services/objectstorage/planet'",
  "PLANET_STACK='prod'",
  "",
].join("\n");

const left = (changes: Partial<CloudFacts>, config: Readonly<Record<string, string>> = {}) =>
  judgeLeftovers(cloud(changes), subject(config)).filter(({ text }) => !text.includes("AWS CLI"));
/** Beside the stack's own. */
const server = (facts: Parameters<typeof instance>[0]) => ({ instances: { value: [instance({}), instance(facts)] } });
const scalingGroup = (name: string, ofStack: string) => {
  const tags = Object.entries({ ...OURS, Name: ofStack });
  return {
    name,
    tags: tags.map(([key, value]) => ({ key, value, propagateAtLaunch: true })),
  } as unknown as AutoScalingGroup;
};
const launch = (name: string, userData: string) =>
  ({ name, userData: Buffer.from(userData) }) as unknown as MadeLaunchConfiguration;
const NONE = [{ topic: "leftovers", level: "ok", text: "none" }];

describe("what is this stack's in the cloud and not in its state is named, with what to type", () => {
  test.each<[string, Partial<CloudFacts>, RegExp, RegExp]>([
    [
      "a server that is whole",
      server({ instanceId: "i-9", tags: { ...OURS, [COMPLETE]: "true" } }),
      /server i-9 \(running\) is not in the state/,
      /^euca-terminate-instances i-9, unless/,
    ],
    [
      "a stopped server, which no run takes over",
      server({ instanceId: "i-9", state: "stopped" }),
      /server i-9 \(stopped\) is not in the state/,
      /^euca-terminate-instances i-9, unless/,
    ],
    [
      "a server that a killed run has started",
      server({ instanceId: "i-9", state: "pending" }),
      /server i-9 \(pending\) is not in the state: a run was killed while starting it/,
      /^npx pulumi up --stack prod takes it over.*else euca-terminate-instances i-9/,
    ],
    [
      "a server without tags, by the stack's group",
      server({ instanceId: "i-9", tags: {}, securityGroups: [{ id: "sg-0001", name: "planet-group-1" }] }),
      /server i-9 \(running\) is not in the state: a run was killed/,
      /euca-terminate-instances i-9, unless/,
    ],
    [
      "a server without tags and group, by its user-data",
      { ...server({ instanceId: "i-9", tags: {} }), userData: new Map([["i-9", USER_DATA]]) },
      /server i-9 \(running\) is not in the state/,
      /euca-terminate-instances i-9, unless/,
    ],
    [
      "a group",
      { groups: { value: [group({ groupId: "sg-9" })] } },
      /security group sg-9 \(planet-group-1\) is not in the state/,
      /^euca-delete-group sg-9, unless/,
    ],
    [
      "a group of servers",
      {
        scalingGroups: {
          value: [scalingGroup("planet-7cf675d4-1", "planet-prod"), scalingGroup("x", "planet-test")],
        },
      },
      /group of servers planet-7cf675d4-1 is not in the state/,
      /^euscale-delete-auto-scaling-group --force-delete planet-7cf675d4-1, unless/,
    ],
    [
      "a launch configuration, by its user-data",
      { launchConfigurations: { value: [launch("planet-7cf675d4-launch-1", USER_DATA)] } },
      /launch configuration planet-7cf675d4-launch-1 is not in the state/,
      /^euscale-delete-launch-config planet-7cf675d4-launch-1, unless/,
    ],
    [
      "a key pair",
      { keyPairs: { value: [{ keyName: "planet-prod-0a1b2c3d", fingerprint: "" }] } },
      /key pair planet-prod-0a1b2c3d/,
      /^euca-delete-keypair planet-prod-0a1b2c3d, unless/,
    ],
  ])("%s is a problem", (_, changes, text, next) => {
    expect(left(changes)).toEqual([
      { topic: "leftovers", level: "problem", text: expect.stringMatching(text), next: expect.stringMatching(next) },
    ]);
  });

  test.each<[string, Partial<CloudFacts>, RegExp, RegExp]>([
    [
      "a free address",
      { addresses: { value: [address({ publicAddress: "192.0.2.5", instanceId: "" })] } },
      /192\.0\.2\.5 is free and not in the state/,
      /planet:address; else euca-release-address 192\.0\.2\.5, if nobody keeps it/,
    ],
    [
      "an address on a server that is left over",
      {
        ...server({ instanceId: "i-0001", state: "terminated" }),
        ...{ instances: { value: [instance({ instanceId: "i-9", state: "stopped" })] } },
        addresses: { value: [address({ publicAddress: "192.0.2.5", instanceId: "i-9" })] },
      },
      /192\.0\.2\.5 is on i-9/,
      /euca-disassociate-address 192\.0\.2\.5 && euca-release-address 192\.0\.2\.5/,
    ],
    [
      "another bucket that is published for the stack",
      { publishers: new Map([["old", "prod"]]) },
      /bucket old \(http:.*objectstorage\/old\)/,
      /planet:bucket was before; else s3cmd rb --recursive --force s3:\/\/old, if nobody/,
    ],
  ])("%s is worth a note: it may be somebody's", (_, changes, text, next) => {
    expect(left(changes)).toContainEqual({
      ...{ topic: "leftovers", level: "note" },
      ...{ text: expect.stringMatching(text), next: expect.stringMatching(next) },
    });
  });

  test("a group that a left server is in goes after it", () => {
    const inGroup = { instanceId: "i-9", tags: {}, securityGroups: [{ id: "sg-9", name: "" }] };
    const found = left({ ...server(inGroup), groups: { value: [group({ groupId: "sg-9" })] } });
    expect(found.map(({ next }) => next)).toContainEqual(
      expect.stringMatching(/^end i-9 first; else euca-delete-group sg-9/),
    );
  });

  test("the AWS CLI's words come once, for all of it", () => {
    const changes = {
      ...server({ instanceId: "i-9", state: "stopped" }),
      addresses: { value: [address({ publicAddress: "192.0.2.5", allocationId: "e-5", instanceId: "" })] },
    };
    const aws = "aws --region eucalyptus --endpoint-url http://192.0.2.1:8773/services/compute/ ec2";
    expect(judgeLeftovers(cloud(changes), subject()).at(-1)?.next).toBe(
      `${aws} terminate-instances --instance-ids i-9; ${aws} release-address --allocation-id e-5`,
    );
  });
});

describe("what is not the stack's is not named", () => {
  test.each<[string, Partial<CloudFacts>]>([
    ["another stack's server", server({ instanceId: "i-8", tags: { Name: "planet-test", "planet:release": "x" } })],
    ["a server that ends", server({ instanceId: "i-9", state: "shutting-down" })],
    ["a server of another group", server({ instanceId: "i-9", tags: {}, securityGroups: [{ id: "sg-8", name: "" }] })],
    [
      "another stack's server without tags",
      {
        ...server({ instanceId: "i-9", tags: {} }),
        userData: new Map([["i-9", USER_DATA.replace("'prod'", "'test'")]]),
      },
    ],
    [
      "the same stack's server of another bucket",
      {
        ...server({ instanceId: "i-9", tags: {} }),
        userData: new Map([["i-9", USER_DATA.replace("/planet'", "/other'")]]),
      },
    ],
    ["another stack's group", { groups: { value: [group({ groupId: "sg-9", description: "Planet of stack test" })] } }],
    [
      "another stack's launch configuration, and one of the state",
      {
        launchConfigurations: {
          value: [launch("planet-1", USER_DATA.replace("'prod'", "'test'")), launch("sg-0001", USER_DATA)],
        },
      },
    ],
    ["another stack's bucket", { publishers: new Map([["other", "test"]]) }],
    ["an address of somebody else's server", { addresses: { value: [address({ instanceId: "i-8" })] } }],
  ])("%s", (_, changes) => {
    expect(left(changes)).toEqual(NONE);
  });

  test("a server of a group is as much the stack's as the group", () => {
    const tags = { ...OURS, [COMPLETE]: "true", "aws:autoscaling:groupName": "sg-0001" };
    expect(left(server({ instanceId: "i-9", tags }))).toEqual(NONE);
  });

  test("an adopted address is the stack's, before its first deploy too", () => {
    const free = address({ publicAddress: "192.0.2.5", instanceId: "" });
    expect(left({ addresses: { value: [free] } }, { address: "192.0.2.5" })).toEqual(NONE);
  });
});

test.each([
  ["by this provider, without tags", { clientToken: TOKEN, tags: {} }, true],
  ["by this provider", { clientToken: TOKEN }, false],
  ["by others", { clientToken: "my-token", tags: {} }, false],
  ["by this provider, and has ended", { clientToken: TOKEN, tags: {}, state: "terminated" as const }, false],
])("a server that was started %s: its user-data is read: %s", (_, facts, isRead) => {
  expect(needsUserData(instance(facts))).toBe(isRead);
});
