import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startCloudProcess } from "../../packages/local-cloud/testing/cloudProcess.ts";

export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** A cloud that verifies signatures, in a process of its own on the loopback. */
export interface CloudServer {
  readonly name: string;
  readonly endpoint: string;
  /** Where EC2 is. */
  readonly ec2Path: string;
  readonly keys: Keys;
  readonly pid: number;
  /** From the start of its process to its first answer. */
  readonly startMs: number;
  stop(): Promise<void>;
}

export async function startOurs(): Promise<CloudServer> {
  const folder = mkdtempSync(join(tmpdir(), "bench-cloud-"));
  const begun = performance.now();
  const cloud = await startCloudProcess(folder);
  await fetch(cloud.endpoint);
  return {
    ...{
      name: "local cloud",
      endpoint: cloud.endpoint,
      ec2Path: "/services/compute/",
      keys: cloud.credentials,
      pid: cloud.pid,
    },
    startMs: performance.now() - begun,
    async stop() {
      await cloud.kill();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Calls that moto answers without looking at their signature: those that make the user. */
const FIRST_CALLS = 3;

/** Moto's server, with `python -m moto.server`; it verifies from its fourth call on. A string says why there is none. */
export async function startMoto(python: string): Promise<CloudServer | string> {
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const begun = performance.now();
  const child = spawn(python, ["-m", "moto.server", "-H", "127.0.0.1", "-p", String(port)], {
    env: { ...process.env, INITIAL_NO_AUTH_ACTION_COUNT: String(FIRST_CALLS) },
    stdio: "ignore",
  });
  const ended = endOf(child);
  const isThere = await Promise.race([answers(endpoint), ended.then(() => false)]);
  const startMs = performance.now() - begun;
  if (!isThere) return `${python} -m moto.server does not start; it takes: pip install "moto[server]"`;
  return {
    ...{ name: "moto", endpoint, ec2Path: "/", keys: await makeUser(endpoint), startMs, pid: child.pid ?? 0 },
    async stop() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

const endOf = (child: ChildProcess) =>
  new Promise<void>((resolve) => child.on("error", () => resolve()).on("exit", () => resolve()));

async function answers(endpoint: string): Promise<boolean> {
  for (;;) {
    try {
      await fetch(`${endpoint}/moto-api/`);
      return true;
    } catch {
      await sleep(10);
    }
  }
}

/** With the right to everything: what is compared is the signature. */
async function makeUser(endpoint: string): Promise<Keys> {
  const scope = "Credential=none/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=none";
  const headers = { Authorization: `AWS4-HMAC-SHA256 ${scope}`, "Content-Type": "application/x-www-form-urlencoded" };
  const call = async (parameters: Record<string, string>) => {
    const body = new URLSearchParams({ Version: "2010-05-08", UserName: "bench", ...parameters }).toString();
    return await (await fetch(endpoint, { method: "POST", headers, body })).text();
  };
  const everything = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };
  await call({ Action: "CreateUser" });
  await call({ Action: "PutUserPolicy", PolicyName: "all", PolicyDocument: JSON.stringify(everything) });
  const text = await call({ Action: "CreateAccessKey" });
  const between = (tag: string) => new RegExp(`<${tag}>(.*?)</${tag}>`).exec(text)?.[1] ?? "";
  return { accessKeyId: between("AccessKeyId"), secretAccessKey: between("SecretAccessKey") };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
