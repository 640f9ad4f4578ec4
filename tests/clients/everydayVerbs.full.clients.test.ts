import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type CloudProcess, startCloudProcess } from "../../packages/local-cloud/testing/cloudProcess.ts";
import { type Clients, installClients, type Ran, run } from "./clients.ts";

const MINUTES = 60_000;
const AWS_CONFIG = "[default]\ns3 =\n    addressing_style = path\n";
const BOTO3_VERBS = fileURLToPath(new URL("boto3_verbs.py", import.meta.url));

/** As real services of 5.1.0 answered these clients on 2026-11-28. */
describe("clients that know nothing of this project: everyday verbs succeed, and refusals have a real Eucalyptus' words", () => {
  let clients: Clients;
  let cloud: CloudProcess;
  let folder: string;
  let environment: NodeJS.ProcessEnv;

  beforeAll(async () => {
    clients = await installClients();
    folder = mkdtempSync(join(tmpdir(), "clients-"));
    cloud = await startCloudProcess(join(folder, "cloud"));
    writeFileSync(join(folder, "large"), randomBytes(12 * 1024 * 1024));
    writeFileSync(join(folder, "small"), "text\n");
    writeFileSync(join(folder, "aws"), AWS_CONFIG);
    environment = {
      ...{ PATH: process.env.PATH, HOME: folder, PYTHONPATH: clients.python, AWS_CONFIG_FILE: join(folder, "aws") },
      AWS_ACCESS_KEY_ID: cloud.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: cloud.credentials.secretAccessKey,
      ...{ AWS_DEFAULT_REGION: "eucalyptus", AWS_EC2_METADATA_DISABLED: "true", AWS_MAX_ATTEMPTS: "1" },
    };
  }, 15 * MINUTES);
  afterAll(async () => {
    await cloud.kill();
    rmSync(folder, { recursive: true });
  });

  const s3Url = () => `${cloud.endpoint}/services/objectstorage`;
  const ec2Url = () => `${cloud.endpoint}/services/compute`;
  const file = (name: string) => join(folder, name);

  /** @throws {Error} when it fails */
  async function ok(ran: Promise<Ran>): Promise<string> {
    const { code, output } = await ran;
    if (code !== 0) throw new Error(output);
    return output.trim();
  }

  /** One verb of aws-cli, its words by blanks. */
  const aws = (url: string, words: string) =>
    run(clients.aws, ["--endpoint-url", url, ...words.split(" ")], environment);
  const ec2 = (words: string) => aws(ec2Url(), `ec2 ${words} --output text`);
  const s3 = (words: string) => aws(s3Url(), words);

  test(
    "aws-cli: a server with a group and an address, from launch to end",
    async () => {
      const group = await ok(ec2("create-security-group --group-name cli --description cli --query GroupId"));
      await ok(ec2(`authorize-security-group-ingress --group-id ${group} --protocol tcp --port 80 --cidr 0.0.0.0/0`));
      const image = await ok(ec2("describe-images --query Images[0].ImageId"));
      const launch = `run-instances --image-id ${image} --instance-type t2.small --security-group-ids ${group}`;
      const instance = await ok(ec2(`${launch} --query Instances[0].InstanceId`));
      await ok(ec2(`wait instance-running --instance-ids ${instance}`));
      await ok(ec2(`create-tags --resources ${instance} --tags Key=Name,Value=cli`));
      const tagged =
        "describe-instances --filters Name=tag:Name,Values=cli --query Reservations[].Instances[].InstanceId";
      expect(await ok(ec2(tagged))).toBe(instance);
      const address = await ok(ec2("allocate-address --domain vpc --query AllocationId"));
      const association = await ok(
        ec2(`associate-address --allocation-id ${address} --instance-id ${instance} --query AssociationId`),
      );
      await ok(ec2(`disassociate-address --association-id ${association}`));
      await ok(ec2(`release-address --allocation-id ${address}`));
      await ok(ec2(`terminate-instances --instance-ids ${instance}`));
      await ok(ec2(`wait instance-terminated --instance-ids ${instance}`));
      await ok(ec2(`delete-security-group --group-id ${group}`));
    },
    10 * MINUTES,
  );

  test.each([
    ["describe-instances --dry-run", "(400 Bad Request)", "Failed to bind the following fields:\nDryRun = true"],
    ["describe-addresses-attribute", "(400 Bad Request)", "Failed to find corresponding class mapping for element:"],
    ["describe-instances --instance-ids i-none", "(InvalidInstanceID.Malformed)", 'Invalid id: "i-none"'],
    [
      "revoke-security-group-egress --group-id GROUP --ip-permissions IpProtocol=-1,Ipv6Ranges=[{CidrIpv6=::/0}]",
      "(InvalidPermission.Malformed)",
      "Invalid Ip Permissions:  must specify either a source cidr or user",
    ],
  ])(
    "aws-cli: %s is refused",
    async (words, code, message) => {
      const group =
        "describe-security-groups --filters Name=group-name,Values=default --query SecurityGroups[0].GroupId";
      const { code: exitCode, output } = await ec2(words.replace("GROUP", await ok(ec2(group))));
      expect([exitCode, output]).toEqual([expect.any(Number), expect.stringContaining(code)]);
      expect(exitCode).not.toBe(0);
      expect(output).toContain(message);
    },
    MINUTES,
  );

  test(
    "aws-cli: buckets and objects, in one piece, in parts and as folders",
    async () => {
      await ok(s3("s3 mb s3://aws-bucket"));
      await ok(s3(`s3 cp ${file("large")} s3://aws-bucket/large`));
      // A Content-Range without unit and whole size, as observed, is nothing that this client can read. In one piece it needs none.
      const inParts = await s3(`s3 cp s3://aws-bucket/large ${file("large.aws")}`);
      expect([inParts.code, inParts.output]).toEqual([1, expect.stringContaining("download failed")]);
      writeFileSync(file("aws"), `${AWS_CONFIG}    multipart_threshold = 64MB\n`);
      await ok(s3(`s3 cp s3://aws-bucket/large ${file("large.aws")}`));
      writeFileSync(file("aws"), AWS_CONFIG);
      expect(readFileSync(file("large.aws")).equals(readFileSync(file("large")))).toBe(true);
      await ok(s3(`s3 cp ${file("small")} s3://aws-bucket/folder/small --acl public-read`));
      expect(await ok(s3("s3 ls s3://aws-bucket/folder/"))).toMatch(/5 small$/);
      await ok(s3(`s3 sync s3://aws-bucket/folder ${file("synced")}`));
      expect(readFileSync(file("synced/small"), "utf8")).toBe("text\n");
      const url = await ok(s3("s3 presign s3://aws-bucket/folder/small"));
      expect(await (await fetch(url)).text()).toBe("text\n");
      const copied = await s3("s3 cp s3://aws-bucket/large s3://aws-bucket/copied");
      expect([copied.code, copied.output]).toEqual([
        1,
        expect.stringContaining("(InternalError) when calling the UploadPartCopy"),
      ]);
      await ok(s3("s3 rm --recursive s3://aws-bucket"));
      await ok(s3("s3 rb s3://aws-bucket"));
    },
    5 * MINUTES,
  );

  test.each(["s3v4", "s3"])(
    "boto3, S3 signed as %s",
    async (signature) => {
      const output = await ok(run("python3", [BOTO3_VERBS, ec2Url(), s3Url(), signature], environment));
      const said = Object.fromEntries(output.split("\n").map((line) => JSON.parse(line) as [string, unknown]));
      expect(said).toEqual({
        ...{ groups: 80, tags: 1, address: true, object: "text", type: "text/plain", parts: true },
        ...{ list: ["a b+c", "large"], delete: 2, "not empty no more": 204 },
        "dry run": "400 400 Bad Request: Failed to bind the following fields:\nDryRun = true",
        "addresses attribute": expect.stringMatching(
          /^400 400 Bad Request: Failed to find corresponding class mapping/,
        ),
        "launch template": expect.stringMatching(/^400 400 Bad Request: Failed to find corresponding class mapping/),
        "copy in parts": expect.stringMatching(/^500 InternalError: /),
        "tag an object": expect.stringMatching(/^500 UNKNOWN: Invalid property 'taggingConfiguration' of bean class/),
        website: expect.stringMatching(/^501 NotImplemented: /),
        "no bucket": "404 NoSuchBucket: The specified bucket does not exist.",
      });
    },
    5 * MINUTES,
  );

  test.each(["--no-signature-v2", "--signature-v2"])(
    "s3cmd %s",
    async (signature) => {
      const { hostname, port } = new URL(cloud.endpoint);
      const host = `s3.localhost:${port}`; // the cloud is its own proxy, since the name is in no DNS here
      const options = { use_https: false, proxy_host: hostname, proxy_port: port, host_base: host, host_bucket: host };
      const keys = { access_key: cloud.credentials.accessKeyId, secret_key: cloud.credentials.secretAccessKey };
      const lines = Object.entries({ ...keys, ...options }).map(([name, value]) => `${name} = ${value}\n`);
      writeFileSync(file("s3cfg"), `[default]\n${lines.join("")}`);
      const words = [
        "--config",
        file("s3cfg"),
        "--no-progress",
        ...(signature === "--signature-v2" ? [signature] : []),
      ];
      const s3cmd = (text: string) => run(clients.s3cmd, [...words, ...text.split(" ")], environment);

      await ok(s3cmd("mb s3://cmd-bucket"));
      await ok(s3cmd(`put ${file("small")} s3://cmd-bucket/small`));
      await ok(s3cmd(`get --force s3://cmd-bucket/small ${file("small.cmd")}`));
      expect(readFileSync(file("small.cmd"), "utf8")).toBe("text\n");
      await ok(s3cmd("setacl --acl-public s3://cmd-bucket/small"));
      expect((await fetch(`${s3Url()}/cmd-bucket/small`)).status).toBe(200);
      await ok(s3cmd(`put --multipart-chunk-size-mb=5 ${file("large")} s3://cmd-bucket/large`));
      await ok(s3cmd(`get --force s3://cmd-bucket/large ${file("large.cmd")}`));
      expect(readFileSync(file("large.cmd")).equals(readFileSync(file("large")))).toBe(true);
      await ok(s3cmd("cp s3://cmd-bucket/small s3://cmd-bucket/copy"));
      expect(await ok(s3cmd("ls s3://cmd-bucket"))).toMatch(/copy[\s\S]*large[\s\S]*small/);
      const website = await s3cmd("ws-create s3://cmd-bucket");
      expect([website.code === 0, website.output]).toEqual([false, expect.stringContaining("501 (NotImplemented)")]);
      await ok(s3cmd("rb --recursive --force s3://cmd-bucket"));
    },
    5 * MINUTES,
  );

  test.each([
    ["version 4", "false"],
    ["version 2", "true"],
  ])(
    "rclone, signed by %s: 12 MiB go up in parts and come back",
    async (_name, v2) => {
      const settings = {
        TYPE: "s3",
        PROVIDER: "Other",
        ENDPOINT: s3Url(),
        REGION: "eucalyptus",
        V2_AUTH: v2,
      };
      const { accessKeyId, secretAccessKey } = cloud.credentials;
      const keys = { ACCESS_KEY_ID: accessKeyId, SECRET_ACCESS_KEY: secretAccessKey };
      const remote = Object.entries({ ...settings, ...keys }).map(([name, value]) => [
        `RCLONE_CONFIG_CLOUD_${name}`,
        value,
      ]);
      const env = { ...environment, ...Object.fromEntries(remote) };
      const small = ["--s3-upload-cutoff", "5M", "--s3-chunk-size", "5M", "--retries", "1", "--low-level-retries", "1"];
      const rclone = (...words: string[]) => ok(run(clients.rclone, [...small, ...words], env));

      await rclone("mkdir", "cloud:rc-bucket");
      await rclone("copyto", file("large"), "cloud:rc-bucket/folder/large");
      await rclone("copyto", file("small"), "cloud:rc-bucket/ lead");
      expect((await rclone("lsf", "-R", "cloud:rc-bucket")).split("\n").map((name) => name.trim())).toEqual(
        expect.arrayContaining(["folder/", "folder/large", "lead"]),
      );
      await rclone("copyto", "cloud:rc-bucket/folder/large", file("large.rclone"));
      expect(readFileSync(file("large.rclone")).equals(readFileSync(file("large")))).toBe(true);
      await rclone("purge", "cloud:rc-bucket");
    },
    5 * MINUTES,
  );
});
