import { readdir, readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { createClock, createS3, credentialsFromEnvironment } from "@planet/eucalyptus-client";
import { record } from "../text/json.ts";
import { type Backend, lockFolder } from "./backend.ts";
import { isAlive } from "./isAlive.ts";

/** Who is working on the stack, as the CLI writes it into the backend. */
export interface Lock {
  readonly who: string;
  readonly host: string;
  readonly pid: number;
  /** ISO 8601. */
  readonly since: string;
  /** Whether the process lives: known for this machine only. */
  readonly isAlive?: boolean;
}

interface Place {
  readonly project: string;
  readonly stack: string;
}

/** Undefined for a backend that we cannot look into. Rejects when it does not answer. */
export async function readLocks(
  backend: Backend,
  place: Place,
  environment: NodeJS.ProcessEnv,
): Promise<Lock[] | undefined> {
  const folder = lockFolder(place.project, place.stack);
  if (backend.kind === "file") return (await filesBelow(join(backend.folder, folder))).flatMap(toLock);
  if (backend.kind !== "s3" || backend.endpoint === undefined) return undefined;
  const { bucket, prefix, endpoint, region } = backend;
  const s3 = createS3(`${endpoint}/`, {
    region,
    credentials: credentialsFromEnvironment(environment),
    clock: createClock(),
  });
  const objects = await s3.listObjects(bucket, `${prefix}${folder}`);
  const texts = await Promise.all(objects.map(async ({ key }) => (await s3.getObject(bucket, key))?.bytes.toString()));
  return texts.flatMap((text) => toLock(text ?? ""));
}

async function filesBelow(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []); // nobody has ever locked it
  const locks = names.filter((name) => name.endsWith(".json"));
  return Promise.all(locks.map((name) => readFile(join(folder, name), "utf8").catch(() => "")));
}

function toLock(text: string): Lock[] {
  if (text === "") return []; // gone between the list and the look
  const { pid, username, hostname: host, timestamp } = record(JSON.parse(text));
  if (typeof pid !== "number") return [];
  const isHere = host === hostname();
  const lock = { who: String(username), host: String(host), pid, since: String(timestamp) };
  return [isHere ? { ...lock, isAlive: isAlive(pid) } : lock];
}
