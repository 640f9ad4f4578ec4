import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import {
  type AutoScaling,
  createAutoScaling,
  createClock,
  createEc2,
  createElb,
  createS3,
  type Ec2,
  type Elb,
  type S3,
  serviceUrls,
} from "@planet/eucalyptus-client";
import { type Cloud, startMachinelessCloud } from "@planet/local-cloud/testing";

const REPOSITORY = fileURLToPath(new URL("../../..", import.meta.url));

export interface Run {
  readonly code: number | null;
  /** Both streams as they came. */
  readonly output: string;
  readonly stdout: string;
}

/** A stack of one small program, run by the real CLI against a local cloud without machines, in its own folder. */
export interface EngineProject {
  readonly cloud: Cloud;
  readonly endpoint: string;
  readonly folder: string;
  /** Writes a file of the project; answers its path. */
  write(name: string, text: string): Promise<string>;
  /** Replaces the program; `aws` and the explicit `provider` are in scope, exports are outputs. */
  program(body: string): Promise<void>;
  pulumi(...args: string[]): Promise<Run>;
  /** As `pulumi`, with other variables. */
  pulumiWith(variables: Record<string, string>, ...args: string[]): Promise<Run>;
  /** As `pulumi`, and kills the CLI as hard as a power cut when `when` says so. */
  killedWhen(when: () => boolean, ...args: string[]): Promise<Run>;
  outputs(): Promise<Record<string, unknown>>;
  remove(): Promise<void>;
}

export async function makeEngineProject(mode: "edge" | "vpc"): Promise<EngineProject> {
  const folder = await mkdtemp(path.join(tmpdir(), "planet-provider-"));
  const { cloud, server, endpoint } = await startCloud(mode, folder);
  await mkdir(path.join(folder, "state"));
  await symlink(path.join(REPOSITORY, "node_modules"), path.join(folder, "node_modules"));
  await writeFile(path.join(folder, "package.json"), JSON.stringify({ type: "module", main: "index.ts" }));
  await writeFile(path.join(folder, "Pulumi.yaml"), projectFile());

  const environment = {
    ...process.env,
    PULUMI_HOME: path.join(folder, "home"),
    PULUMI_BACKEND_URL: `file://${folder}/state`,
    PULUMI_CONFIG_PASSPHRASE: "test",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_STACK: "test",
    AWS_ACCESS_KEY_ID: cloud.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: cloud.credentials.secretAccessKey,
  };
  const run = (args: readonly string[], watch: (kill: () => void) => void = () => {}, variables = {}): Promise<Run> =>
    new Promise((resolve, reject) => {
      const main = path.join(REPOSITORY, "packages/toolchain/main.ts");
      const child = spawn(process.execPath, [main, "--non-interactive", ...args], {
        cwd: folder,
        env: { ...environment, ...variables },
      });
      let output = "";
      let stdout = "";
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        stdout += text;
      });
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding("utf8").on("data", (text: string) => {
          output += text;
        });
      watch(() => child.kill("SIGKILL"));
      child.on("error", reject);
      child.on("close", (code) => resolve({ code, output, stdout }));
    });

  const project: EngineProject = {
    cloud,
    endpoint,
    folder,
    async write(name, text) {
      await writeFile(path.join(folder, name), text);
      return path.join(folder, name);
    },
    program: (body) => writeFile(path.join(folder, "index.ts"), programText(endpoint, body)),
    pulumi: (...args) => run(args),
    pulumiWith: (variables, ...args) => run(args, undefined, variables),
    async killedWhen(when, ...args) {
      let timer: NodeJS.Timeout | undefined;
      const result = await run(args, (kill) => {
        timer = setInterval(() => when() && kill(), 5);
      });
      clearInterval(timer);
      return result;
    },
    outputs: async () => JSON.parse((await run(["stack", "output", "--json"])).stdout) as Record<string, unknown>,
    async remove() {
      server.closeAllConnections();
      server.close();
      await cloud.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
  await project.program("");
  const { code, output } = await run(["stack", "init", "test"]);
  if (code !== 0) throw new Error(output);
  return project;
}

export interface Clients {
  readonly autoScaling: AutoScaling;
  readonly ec2: Ec2;
  readonly elb: Elb;
  readonly s3: S3;
}

/** What somebody else uses beside the stack. */
export function clientsOf({ cloud, endpoint }: EngineProject): Clients {
  const connection = { region: "eucalyptus", credentials: cloud.credentials, clock: createClock() };
  const { autoscaling, ec2, elb, s3 } = serviceUrls(endpoint);
  return {
    autoScaling: createAutoScaling(autoscaling, connection),
    ec2: createEc2(ec2, connection),
    elb: createElb(elb, connection),
    s3: createS3(s3, connection),
  };
}

/** Of the loops of Auto Scaling; what the provider waits for readers is as long as ever. */
const CLOCK_FACTOR = 50;

async function startCloud(
  mode: "edge" | "vpc",
  folder: string,
): Promise<{ cloud: Cloud; server: Server; endpoint: string }> {
  const cloud = await startMachinelessCloud("provider-test", mode, folder, CLOCK_FACTOR);
  const server = cloud.server();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { cloud, server, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

function projectFile(): string {
  const plugin = path.join(REPOSITORY, "packages/eucalyptus-provider/bin");
  return `name: provider-test
runtime: nodejs
plugins:
  providers:
    - name: aws
      path: ${plugin}
`;
}

function programText(endpoint: string, body: string): string {
  return `import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
const provider = new aws.Provider("cloud", {
  region: "eucalyptus",
  endpoints: [{ ec2: "${endpoint}/services/compute/", s3: "${endpoint}/services/objectstorage/" }],
  skipCredentialsValidation: true, skipMetadataApiCheck: true, skipRegionValidation: true,
  skipRequestingAccountId: true, s3UsePathStyle: true,
});
const options = { provider };
void [pulumi, options];
${body}
`;
}
