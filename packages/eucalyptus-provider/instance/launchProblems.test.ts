import { expect, test } from "@jest/globals";
import { CloudError } from "@planet/eucalyptus-client";
import { UNKNOWN } from "@planet/pulumi-plugin";
import { fakeCloud } from "../testing/fakeCloud.ts";
import { launchProblems } from "./launchProblems.ts";

const full = {
  describeImages: () => [
    { imageId: "emi-b78e07c8", name: "debian-12" },
    { imageId: "emi-00000002", name: "" },
  ],
  describeInstanceTypes: () => ["c1.medium", "m1.large", "m1.small"].map((name) => ({ name })),
  describeKeyPairs: () => [{ keyName: "anna" }],
};
const right = { ami: "emi-b78e07c8", instanceType: "m1.small", keyName: "anna" };
const wrong = { ami: "emi-b78e07c9", instanceType: "m1.smal", keyName: "ana" };

test("what the cloud has is fine", async () => {
  expect(await launchProblems(right, undefined, fakeCloud({ ec2: full }).cloud)).toEqual([]);
});

test("all wrong values are reported together, with the existing ones, nearest first, and the property", async () => {
  expect(await launchProblems(wrong, undefined, fakeCloud({ ec2: full }).cloud)).toEqual([
    {
      property: "ami",
      reason:
        '"emi-b78e07c9" is not an image that this account can see on this cloud; ' +
        "there are emi-b78e07c8 (debian-12), emi-00000002. Correct ami",
    },
    { property: "instanceType", reason: expect.stringMatching(/there are m1\.small, m1\.large, c1\.medium\./) },
    { property: "keyName", reason: expect.stringMatching(/"ana" is not a key pair.*anna.*keyName/) },
  ]);
});

test.each([
  { name: "an unknown value", news: { ...right, ami: UNKNOWN } },
  { name: "a value of the state: a server outlives its image", news: wrong, olds: wrong },
  { name: "no value", news: {} },
])("$name is not asked about", async ({ news, olds }) => {
  expect(await launchProblems(news, olds, fakeCloud({ ec2: full }).cloud)).toEqual([]);
});

test("a key pair that this deploy makes need not exist", async () => {
  const { cloud } = fakeCloud({});
  cloud.run.announceKeyPair("planet-local-12345678");
  expect(await launchProblems({ keyName: "planet-local-12345678" }, undefined, cloud)).toEqual([]);
});

test("a question that the cloud refuses stops nothing, and not the other questions", async () => {
  const refuse = () => {
    throw new CloudError({ code: "AuthFailure", status: 403, message: "no", action: "DescribeImages" });
  };
  const { cloud } = fakeCloud({ ec2: { ...full, describeImages: refuse } });
  const problems = await launchProblems(wrong, undefined, cloud);
  expect(problems.map(({ property }) => property)).toEqual(["instanceType", "keyName"]);
});
