import { describe, expect, test } from "@jest/globals";
import { CloudError } from "@planet/eucalyptus-client";
import { type Inputs, UNKNOWN } from "@planet/pulumi-plugin";
import { configurationProblems, readConfiguration } from "./configuration.ts";
import { connectCloud, explainGreeting } from "./connectCloud.ts";

const endpoints = JSON.stringify([
  { ec2: "http://192.0.2.1:8773/services/compute", s3: "http://192.0.2.1:8773/services/objectstorage/" },
]);
const good: Inputs = {
  region: "eucalyptus",
  endpoints,
  s3UsePathStyle: "true",
  skipCredentialsValidation: "true",
  version: "7.48.0",
};

describe("the provider's settings", () => {
  test("name the services of one front end", () => {
    expect(configurationProblems(good)).toEqual([]);
    expect(readConfiguration(good)).toEqual({
      region: "eucalyptus",
      autoScalingUrl: "http://192.0.2.1:8773/services/AutoScaling/",
      ec2Url: "http://192.0.2.1:8773/services/compute/",
      elbUrl: "http://192.0.2.1:8773/services/LoadBalancing/",
      s3Url: "http://192.0.2.1:8773/services/objectstorage/",
      stsUrl: "http://192.0.2.1:8773/services/Tokens/",
    });
  });

  test.each<{ name: string; config: Inputs; text: string }>([
    { name: "no endpoints: this is not for AWS", config: { region: "r" }, text: "endpoints is missing" },
    { name: "no object storage", config: { ...good, endpoints: '[{"ec2":"http://a/"}]' }, text: "has no s3" },
    {
      name: "an endpoint that is not a URL",
      config: { ...good, endpoints: '[{"ec2":"a","s3":"b"}]' },
      text: "not an http or https URL",
    },
    { name: "no region", config: { endpoints }, text: "region is missing" },
    {
      name: "a setting that would be ignored",
      config: { ...good, maxRetries: "3" },
      text: "maxRetries is not offered",
    },
    {
      name: "host names for buckets",
      config: { ...good, s3UsePathStyle: "false" },
      text: "s3UsePathStyle must be true",
    },
    { name: "something else", config: { ...good, colour: "red" }, text: "colour is not known" },
  ])("$name", ({ config, text }) => {
    expect(configurationProblems(config)).toEqual([{ property: "", reason: expect.stringContaining(text) }]);
  });

  test.each(["accessKey", "secretKey", "token"])("%s is refused and never repeated", (name) => {
    const problems = configurationProblems({ ...good, [name]: "hush" });
    expect(problems).toEqual([{ property: "", reason: expect.stringContaining("AWS_SECRET_ACCESS_KEY") }]);
    expect(JSON.stringify(problems)).not.toContain("hush");
  });

  test("unknown ones are not judged", () => {
    expect(configurationProblems({ region: "r", endpoints: UNKNOWN })).toEqual([]);
  });
});

describe("the first word with the cloud", () => {
  test.each([
    { name: "short of a policy", facts: { code: "UnauthorizedOperation", status: 403 }, code: "POLICY_MISSING" },
    { name: "a proxy's refusal", facts: { code: "ForeignAnswer", status: 403 }, code: "CLOUD_UNUSABLE" },
    { name: "a web page", facts: { code: "ForeignAnswer", status: 200 }, code: "CLOUD_UNUSABLE" },
    { name: "away", facts: { code: "Unreachable", status: 0 }, code: "CLOUD_UNREACHABLE" },
    { name: "refusing the keys", facts: { code: "403 Forbidden", status: 403 }, code: "KEYS_REFUSED" },
    { name: "at another path", facts: { code: "404 Not Found", status: 404 }, code: "CLOUD_UNUSABLE" },
  ])("a cloud that is $name", ({ facts, code }) => {
    const error = new CloudError({ ...facts, message: "no", action: "DescribeAccountAttributes" });
    expect(explainGreeting("http://192.0.2.1/", error).code).toBe(code);
  });

  test("keys come from the environment alone", async () => {
    const configuration = readConfiguration(good);
    if (typeof configuration === "string") throw new Error(configuration);
    const log = { debug: () => {}, status: () => {}, info: () => {}, warning: () => {} };
    const context = { log, cancelled: new AbortController().signal, environment: { AWS_ACCESS_KEY_ID: "a" } };
    await expect(connectCloud(configuration, context)).rejects.toMatchObject({
      code: "MISSING_CREDENTIALS",
      message: expect.stringMatching(/^AWS_SECRET_ACCESS_KEY is not set/),
    });
  });
});
