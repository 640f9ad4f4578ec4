import { describe, expect, test } from "@jest/globals";
import { type Inputs, UNKNOWN } from "@planet/pulumi-plugin";
import { instanceInputs, instanceProblems } from "../instance/instanceInputs.ts";
import { bucketObjectv2Inputs } from "../objects/objectInputs.ts";
import { resources } from "../resources/index.ts";
import { checkInputs } from "./checkInputs.ts";

const facts = { name: "n", urn: "u", randomSeed: new Uint8Array(32) };
const names = (problems: readonly { property: string }[]) => problems.map(({ property }) => property);

describe("what a table of inputs lets through", () => {
  test.each<{ name: string; inputs: Inputs; properties: string[] }>([
    { name: "a usual server", inputs: { ami: "emi-1", userData: "#!", tags: { a: "b" } }, properties: [] },
    { name: "nothing at all lacks the image", inputs: {}, properties: ["ami"] },
    {
      name: "unknowns anywhere",
      inputs: { ami: UNKNOWN, tags: { a: UNKNOWN }, vpcSecurityGroupIds: [UNKNOWN] },
      properties: [],
    },
    {
      name: "an option that the cloud refuses",
      inputs: { ami: "emi-1", metadataOptions: {} },
      properties: ["metadataOptions"],
    },
    {
      name: "a value that says what the cloud does anyway",
      inputs: { ami: "emi-1", monitoring: false, tenancy: "default" },
      properties: [],
    },
    { name: "an input that nobody knows", inputs: { ami: "emi-1", amii: "x" }, properties: ["amii"] },
    { name: "another kind of value", inputs: { ami: 1, tags: ["a"] }, properties: ["ami", "tags"] },
    { name: "another region", inputs: { ami: "emi-1", region: "mars" }, properties: ["region"] },
    {
      name: "tags that the cloud keeps for itself",
      inputs: { ami: "emi-1", tags: { "euca:x": "1" } },
      properties: ["tags"],
    },
    { name: "leftovers of older engines", inputs: { ami: "emi-1", __defaults: [], version: "7" }, properties: [] },
  ])("$name", ({ inputs, properties }) => {
    expect(names(checkInputs(instanceInputs, inputs, "eucalyptus"))).toEqual(properties);
  });

  test("every refusal says what to do instead", () => {
    for (const { inputs } of resources) {
      for (const rule of Object.values(inputs)) {
        if (rule.kind === "refused")
          expect(rule.reason).toMatch(/remove|use |give |export|set |write |put on|name the/);
      }
    }
  });

  test("a value that may be secret is never named by its property: the engine would print it", () => {
    const problems = checkInputs(instanceInputs, { ami: "emi-1", userData: "x".repeat(16_385) });
    expect(problems).toEqual([
      { property: "", reason: expect.stringMatching(/^userData: is 16,385 bytes, the cloud accepts 16,384/) },
    ]);
  });

  test.each([
    { name: "not base64", value: "#!/bin/sh", isRefused: true },
    { name: "base64", value: "IyEvYmluL3No", isRefused: false },
    { name: "base64 without padding, over lines", value: "IyE\n", isRefused: false },
  ])("user-data that is $name", ({ value, isRefused }) => {
    expect(checkInputs(instanceInputs, { ami: "emi-1", userDataBase64: value })).toHaveLength(isRefused ? 1 : 0);
  });

  test.each([
    { name: "a slash in front", inputs: { key: "/a" } },
    { name: "an unknown ACL", inputs: { acl: "public" } },
    { name: "a header that would end", inputs: { cacheControl: "a\r\nb: c" } },
    { name: "tags, which overwrite the object here", inputs: { tags: { a: "b" } } },
  ])("an object with $name is refused", ({ inputs }) => {
    expect(checkInputs(bucketObjectv2Inputs, { bucket: "b", ...inputs })).toHaveLength(1);
  });
});

describe("problems that no single input of a server shows", () => {
  test.each<{ name: string; news: Inputs; olds?: Inputs; mode?: "edge" | "vpc"; properties: string[] }>([
    { name: "two kinds of user-data", news: { userData: "a", userDataBase64: "YQ==" }, properties: [""] },
    {
      name: "changed user-data that may not replace",
      news: { userData: "b" },
      olds: { userData: "a" },
      properties: ["userDataReplaceOnChange"],
    },
    {
      name: "changed user-data that may",
      news: { userData: "b", userDataReplaceOnChange: true },
      olds: { userData: "a" },
      properties: [],
    },
    { name: "a subnet in EDGE", news: { subnetId: "subnet-1" }, mode: "edge", properties: ["subnetId"] },
    {
      name: "no public address in EDGE",
      news: { associatePublicIpAddress: false },
      mode: "edge",
      properties: ["associatePublicIpAddress"],
    },
    {
      name: "no public address in VPC",
      news: { associatePublicIpAddress: false, subnetId: "subnet-1" },
      mode: "vpc",
      properties: [],
    },
    {
      name: "a public address in VPC without the subnet that the cloud then asks for",
      news: { associatePublicIpAddress: true },
      mode: "vpc",
      properties: ["subnetId"],
    },
    {
      name: "the same user-data as text and as base64",
      news: { userDataBase64: "IyE=" },
      olds: { userData: "#!" },
      properties: [],
    },
  ])("$name", ({ news, olds, mode, properties }) => {
    expect(names(instanceProblems(news, { ...facts, olds, mode }))).toEqual(properties);
  });
});
