import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { imageId } from "@planet/local-cloud";
import { type EngineProject, makeEngineProject } from "./testing/engineProject.ts";

const MINUTES = 60_000;
const AMI = imageId("debian-12-cloud-init");
const HUSH = "hush-hush";

const program = (more = "", ofServer = "options") => `
const hush = (what) => pulumi.secret("${HUSH} " + what);
const tags = { open: "to see", hidden: hush("tag") };
new aws.ec2.SecurityGroup("group", {
  description: hush("group"), tags,
  ingress: [{ protocol: "tcp", fromPort: 80, toPort: 80, cidrBlocks: ["0.0.0.0/0"], description: hush("rule") }],
}, options);
export const server = new aws.ec2.Instance("server", {
  ami: "${AMI}", instanceType: "t2.small", userData: pulumi.interpolate\`#!/bin/sh\\n# \${hush("data")}\\n\`, tags,
}, ${ofServer}).id;
new aws.ec2.Eip("address", { tags }, options);
const bucket = new aws.s3.Bucket("bucket", { bucket: "secrets" }, options);
new aws.s3.BucketObjectv2("object", { bucket: bucket.id, key: "object", content: hush("content") }, options);
${more}`;

describe("secrets in the real engine (no machines boot)", () => {
  let project: EngineProject;
  beforeAll(async () => {
    project = await makeEngineProject("vpc");
  }, 15 * MINUTES);
  afterAll(() => project.remove());

  test(
    "are in no state, after a create and a refresh, though they are repeated",
    async () => {
      await project.program(program());
      for (const args of [
        ["up", "--yes"],
        ["refresh", "--yes"],
        ["up", "--yes", "--expect-no-changes"],
      ]) {
        const run = await project.pulumi(...args, "--yes", "--skip-preview");
        expect([run.code, run.output]).toEqual([0, expect.not.stringContaining(HUSH)]);
        const { stdout } = await project.pulumi("stack", "export");
        expect(stdout).toContain('"open": "to see"');
        expect(stdout.split("\n").filter((line) => line.includes(HUSH))).toEqual([]);
      }
      const shown = await project.pulumi("stack", "export", "--show-secrets");
      for (const what of ["tag", "group", "rule", "data", "content"]) expect(shown.stdout).toContain(`${HUSH} ${what}`);
    },
    2 * MINUTES,
  );

  test(
    "are in no state after an import, where they are in user-data: the cloud does not say what in it is one",
    async () => {
      const { server = "" } = (await project.outputs()) as { server?: string };
      const urn = "urn:pulumi:test::provider-test::aws:ec2/instance:Instance::server";
      await project.pulumi("state", "delete", urn, "--yes", "--force");
      await project.program(program("", `{ ...options, import: "${server}" }`));
      for (const args of [["up", "--skip-preview"], ["refresh"]]) {
        const run = await project.pulumi(...args, "--yes");
        expect([run.code, run.output]).toEqual([0, expect.not.stringContaining(`${HUSH} data`)]);
        const { stdout } = await project.pulumi("stack", "export");
        expect(stdout).toContain(server);
        expect(stdout.split("\n").filter((line) => line.includes(`${HUSH} data`))).toEqual([]);
      }
    },
    2 * MINUTES,
  );

  test.each([
    ["tags", `{ ami: "${AMI}", instanceType: "t2.small", tags: { a: hush("blank ") } }`],
    ["userData", `{ ami: "${AMI}", instanceType: "t2.small", userData: hush("data".repeat(5_000)) }`],
  ])(
    "are in no preview that fails for them: %s",
    async (name, inputs) => {
      await project.program(program(`new aws.ec2.Instance("other", ${inputs}, options);`));
      const { code, output } = await project.pulumi("preview", "--diff");
      expect(code).not.toBe(0);
      expect(output).toContain(`resource 'other' has a problem: ${name}`);
      expect(output.split("\n").filter((line) => line.includes(HUSH))).toEqual([]);
    },
    2 * MINUTES,
  );
});
