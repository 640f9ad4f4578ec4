import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { imageId } from "@planet/local-cloud";
import { clientsOf, type EngineProject, makeEngineProject } from "./testing/engineProject.ts";

const MINUTES = 60_000;
const AMI = imageId("debian-12-cloud-init");

interface Wanted {
  readonly userData?: string;
  readonly content?: string;
  readonly more?: string;
}

/** The shape of the project's own stack: group, server, address on it, public object in a bucket. */
function program({ userData = "#!/bin/sh\n", content = "[Planet]\n", more = "" }: Wanted = {}): string {
  return `
const group = new aws.ec2.SecurityGroup("web", {
  ingress: [{ protocol: "tcp", fromPort: 80, toPort: 80, cidrBlocks: ["0.0.0.0/0"] }],
  egress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }],
}, options);
const rules = new aws.ec2.SecurityGroup("rules", {}, options);
new aws.ec2.SecurityGroupRule("ssh", {
  type: "ingress", securityGroupId: rules.id, protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: ["10.0.0.0/8"],
}, options);
const server = new aws.ec2.Instance("server", {
  ami: "${AMI}", instanceType: "t2.small", userData: ${JSON.stringify(userData)}, userDataReplaceOnChange: true,
  vpcSecurityGroupIds: [group.id], tags: { Name: "planet" },
}, options);
const address = new aws.ec2.Eip("address", {}, options);
new aws.ec2.EipAssociation("association", {
  publicIp: address.publicIp, instanceId: server.id, allowReassociation: true,
}, options);
const bucket = new aws.s3.Bucket("planet", { bucket: "planet" }, options);
new aws.s3.BucketObjectv2("planet.ini", {
  bucket: bucket.id, content: ${JSON.stringify(content)}, contentType: "text/plain; charset=utf-8", acl: "public-read",
}, options);
new aws.s3.BucketObject("package", { bucket: bucket.id, source: new pulumi.asset.FileAsset("package.json") }, options);
export const account = (await aws.getCallerIdentity({}, options)).accountId;
export const zones = (await aws.getAvailabilityZones({}, options)).names;
export const image = (await aws.ec2.getAmi({ filters: [{ name: "image-id", values: ["${AMI}"] }] }, options)).imageId;
export const publicIp = address.publicIp;
export const instanceId = server.id;
${more}`;
}

const living = ({ cloud }: EngineProject) => cloud.describe().instances.filter(({ state }) => state === "running");

describe.each(["vpc", "edge"] as const)(
  "the plugin in the real engine, cloud in %s mode (no machines boot)",
  (mode) => {
    let project: EngineProject;
    const up = (...flags: string[]) => project.pulumi("up", "--yes", "--skip-preview", ...flags);
    beforeAll(async () => {
      project = await makeEngineProject(mode);
    }, 15 * MINUTES);
    afterAll(() => project.remove());

    test(
      "what a preview of nothing says is what an update then does",
      async () => {
        await project.program(program());
        const preview = await project.pulumi("preview", "--diff");
        expect(preview).toMatchObject({
          code: 0,
          output: expect.stringMatching(/instanceId +: \[unknown\][\s\S]*11 to create/),
        });
        expect(await up()).toMatchObject({ code: 0, output: expect.stringContaining("11 created") });
        expect(await project.outputs()).toMatchObject({ account: "000000000042", zones: ["one"], image: AMI });
        expect(project.cloud.describe().addresses).toEqual([
          expect.objectContaining({ publicAddress: expect.any(String), instanceId: living(project)[0]?.instanceId }),
        ]);
      },
      2 * MINUTES,
    );

    test(
      "neither a second update nor a refresh finds a difference",
      async () => {
        expect(await project.pulumi("preview", "--expect-no-changes")).toMatchObject({ code: 0 });
        expect(await project.pulumi("refresh", "--yes", "--expect-no-changes")).toMatchObject({ code: 0 });
        expect(await project.pulumi("preview", "--expect-no-changes")).toMatchObject({ code: 0 });
      },
      2 * MINUTES,
    );

    test(
      "the address is on the new server before the old one ends, and stays there",
      async () => {
        const before = await project.outputs();
        await project.program(program({ userData: "#!/bin/sh\necho two\n" }));
        const { code, output } = await up();
        expect([code, output]).toEqual([0, expect.stringContaining("+-2 replaced")]);
        expect(output.indexOf("association created replacement")).toBeLessThan(
          output.indexOf("server deleting original"),
        );
        const after = await project.outputs();
        expect(after).toMatchObject({ publicIp: before.publicIp });
        expect(after.instanceId).not.toBe(before.instanceId);
        expect(living(project).map(({ instanceId }) => instanceId)).toEqual([after.instanceId]);
        expect(project.cloud.describe().addresses[0]?.instanceId).toBe(after.instanceId);
      },
      2 * MINUTES,
    );

    test(
      "a forced replacement makes a new server and keeps the object",
      async () => {
        const before = await project.outputs();
        const flags = ["--replace", "**aws:ec2/instance:Instance::server", "--replace", "**::planet.ini"];
        expect(await up(...flags)).toMatchObject({ code: 0 });
        expect((await project.outputs()).instanceId).not.toBe(before.instanceId);
        expect(await clientsOf(project).s3.headObject("planet", "planet.ini")).toMatchObject({
          contentType: "text/plain; charset=utf-8",
        });
      },
      2 * MINUTES,
    );

    test(
      "a run killed while it starts a server leaves one that the next run takes over",
      async () => {
        await project.program(program({ userData: "#!/bin/sh\necho three\n" }));
        const known = project.cloud.describe().instances.length;
        project.cloud.setFault({ fault: "slow-answer", seconds: 0.4 });
        await project.killedWhen(
          () => project.cloud.describe().instances.length > known,
          "up",
          "--yes",
          "--skip-preview",
        );
        project.cloud.clearFault();
        expect(await project.pulumi("cancel", "--yes")).toMatchObject({ code: 0 });
        const { code, output } = await up();
        expect([code, output]).toEqual([0, expect.stringContaining("took over i-")]);
        expect(living(project)).toHaveLength(1);
        expect(project.cloud.describe().instances).toHaveLength(known + 1);
      },
      3 * MINUTES,
    );

    test(
      "a server whose creation fails half-way is kept, moves nothing, and is finished by the next run",
      async () => {
        const before = living(project).map(({ instanceId }) => instanceId);
        const known = project.cloud.describe().instances.length;
        await project.program(program({ userData: "#!/bin/sh\necho four\n" }));
        project.cloud.setFault({ fault: "internal-error", action: "RunInstances", times: 1 });
        project.cloud.setFault({ fault: "internal-error", action: "CreateTags", times: 2 });
        expect(await up()).toMatchObject({ code: 1, output: expect.stringContaining("CreateTags") });
        expect(project.cloud.describe().addresses[0]?.instanceId).toBe(before[0]);
        expect(await up()).toMatchObject({ code: 0 });
        expect(project.cloud.describe().instances).toHaveLength(known + 1);
        expect(living(project)).toHaveLength(1);
        expect(project.cloud.describe().addresses[0]?.instanceId).toBe(living(project)[0]?.instanceId);
      },
      2 * MINUTES,
    );

    test(
      "an edit in the bucket is neither overwritten nor deleted, after a refresh neither, until the program has it",
      async () => {
        const { s3 } = clientsOf(project);
        const edit = {
          bucket: "planet",
          key: "planet.ini",
          bytes: Buffer.from("edit"),
          contentType: "text/plain",
          acl: "public-read",
        } as const;
        await s3.putObject(edit);
        await project.program(program({ userData: "#!/bin/sh\necho four\n", content: "[Other]\n" }));
        for (const refresh of [[], ["--refresh"]]) {
          expect(await up(...refresh)).toMatchObject({
            code: 1,
            output: expect.stringContaining("somebody changed it"),
          });
        }
        expect((await s3.getObject("planet", "planet.ini"))?.bytes.toString()).toBe("edit");
        for (const refresh of [[], ["--refresh"]]) {
          const destroy = ["destroy", "--yes", "--skip-preview", "--target", "**::planet.ini", ...refresh];
          expect(await project.pulumi(...destroy)).toMatchObject({ code: 1 });
        }
        await project.program(program({ userData: "#!/bin/sh\necho four\n", content: "edit" }));
        expect(await up()).toMatchObject({ code: 0 });
        await project.program(program({ userData: "#!/bin/sh\necho four\n", content: "[Other]\n" }));
        expect(await up()).toMatchObject({ code: 0 });
        expect((await s3.getObject("planet", "planet.ini", { anonymous: true }))?.bytes.toString()).toBe("[Other]\n");
      },
      3 * MINUTES,
    );

    test(
      "every input that the cloud cannot honour is named in the preview",
      async () => {
        const more = `new aws.ec2.Instance("wrong", {
      ami: "${AMI}", metadataOptions: { httpTokens: "required" }, userData: "x".repeat(20000), tags: { "aws:x": "y" },
    }, options);`;
        await project.program(program({ more }));
        const { code, output } = await project.pulumi("preview");
        expect(code).not.toBe(0);
        for (const text of ["metadataOptions", "20,000 bytes", "aws:x"]) expect(output).toContain(text);
        expect(output).not.toContain("xxxxxxxx");
      },
      MINUTES,
    );

    test(
      "what exists is imported, and then shows no difference",
      async () => {
        const { ec2, s3 } = clientsOf(project);
        const groupId = await ec2.createSecurityGroup({ name: "older", description: "by hand" });
        await ec2.authorize("ingress", groupId, [
          { protocol: "tcp", fromPort: 80, toPort: 80, cidrs: [{ cidr: "10.0.0.0/8" }], groups: [] },
        ]);
        await s3.createBucket("older");
        await s3.putObject({ bucket: "older", key: "a", bytes: Buffer.from("a"), contentType: "text/plain" });
        const egress =
          mode === "vpc" ? `egress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }],` : "";
        const more = `
new aws.ec2.SecurityGroup("older", {
  name: "older", description: "by hand", ${egress}
  ${mode === "vpc" ? "vpcId: group.vpcId," : ""}
  ingress: [{ protocol: "tcp", fromPort: 80, toPort: 80, cidrBlocks: ["10.0.0.0/8"] }],
}, { ...options, import: "${groupId}" });
const older = new aws.s3.Bucket("older", { bucket: "older", acl: "private" }, { ...options, import: "older" });
new aws.s3.BucketObjectv2("a", { bucket: older.id, key: "a", contentType: "text/plain" }, { ...options, import: "older/a" });`;
        await project.program(program({ userData: "#!/bin/sh\necho four\n", content: "[Other]\n", more }));
        const { code, output } = await up();
        expect([code, output]).toEqual([0, expect.stringContaining("3 imported")]);
        expect(await project.pulumi("preview", "--expect-no-changes")).toMatchObject({ code: 0 });
      },
      2 * MINUTES,
    );

    test(
      "destroy leaves nothing",
      async () => {
        expect(await project.pulumi("destroy", "--yes", "--skip-preview")).toMatchObject({ code: 0 });
        expect(living(project)).toEqual([]);
        expect(project.cloud.describe().addresses).toEqual([]);
        expect(await clientsOf(project).s3.listBuckets()).toEqual([]);
      },
      2 * MINUTES,
    );

    test(
      "wrong and missing keys are reported as such",
      async () => {
        await project.program(program());
        const keys = { AWS_SECRET_ACCESS_KEY: "wrong" };
        expect(await project.pulumiWith(keys, "preview")).toMatchObject({
          output: expect.stringContaining("refuses the keys"),
        });
        expect(await project.pulumiWith({ AWS_ACCESS_KEY_ID: "" }, "preview")).toMatchObject({
          output: expect.stringContaining("AWS_ACCESS_KEY_ID is not set"),
        });
      },
      2 * MINUTES,
    );
  },
);
