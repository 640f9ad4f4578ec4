import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createClock, createS3, type S3 } from "@planet/eucalyptus-client";
import { type CommandResult, TestProject } from "./harness/project.ts";
import { TestCloud } from "./harness/testCloud.ts";
import { waitFor } from "./harness/wait.ts";

// The real CLI with the stack's state in a bucket of the same cloud, against the local cloud's object storage, which
// is as strict as Eucalyptus about PUTs with a query string. No real machines.
// docs/state.md describes what is found here.

const MINUTES = 60_000;
const STATE = "planet-state";
const STACK_OBJECT = "prod/.pulumi/stacks/planet/test.json";
const LOCKS = "prod/.pulumi/locks/";
/** Body of a PUT with a query string: `objectstorage.max_metadata_request_size`. */
const LIMIT_BYTES = 300 * 1024;
const GZIP = { PULUMI_DIY_BACKEND_GZIP: "true" };

let cloud: TestCloud;
let project: TestProject;
let s3: S3;
/** PUTs below the state's bucket. */
const puts: { readonly path: string; readonly query: string; readonly bytes: number }[] = [];

beforeAll(async () => {
  cloud = await TestCloud.start("state-engine");
  watchPuts();
  s3 = createS3(`${cloud.endpoint}/services/objectstorage/`, {
    region: "eucalyptus",
    credentials: cloud.cloud.credentials,
    clock: createClock(),
  });
  await s3.createBucket(STATE);
  project = await TestProject.create({
    stack: "test",
    config: cloud.settings,
    ...cloud.cloud.credentials,
  });
  expect(await pulumi("stack", "init", "test")).toMatchObject({ exitCode: 0 });
}, 5 * MINUTES);

afterAll(async () => {
  await project?.remove();
  await cloud?.stop();
}, MINUTES);

function watchPuts(): void {
  const { cloud: api } = cloud;
  const handle = api.handle.bind(api);
  api.handle = (request, response) => {
    const [path = "", query = ""] = (request.url ?? "").split("?");
    if (request.method === "PUT" && path.includes(`/${STATE}/`)) {
      puts.push({ path, query, bytes: Number(request.headers["content-length"]) });
    }
    handle(request, response);
  };
}

/** As docs/state.md says it. */
const backendUrl = () =>
  `s3://${STATE}/prod?endpoint=${cloud.endpoint}/services/objectstorage&use_path_style=true&region=eucalyptus&response_checksum_validation=when_required`;

function pulumiWith(environment: NodeJS.ProcessEnv, ...args: string[]): Promise<CommandResult> {
  return project.pulumi(args, { PULUMI_BACKEND_URL: backendUrl(), ...environment });
}

const pulumi = (...args: string[]) => pulumiWith({}, ...args);
const up = (...options: string[]) => pulumi("up", "--yes", "--skip-preview", ...options);

const locks = async () => (await s3.listObjects(STATE, LOCKS)).map(({ key }) => key);

/** The process that holds the lock writes its id into it. */
async function lockHolder(): Promise<number> {
  return waitFor("a lock", 60, async () => {
    const [key] = await locks();
    const object = key && (await s3.getObject(STATE, key));
    return object ? (JSON.parse(object.bytes.toString("utf8")) as { pid: number }).pid : undefined;
  });
}

describe("a state in a bucket of the same cloud", () => {
  test(
    "is written at each step and found again, by PUTs with a query string that stay below the cloud's limit",
    async () => {
      expect(await up()).toMatchObject({ exitCode: 0 });
      await project.configure({ generation: 2 });
      expect(await up()).toMatchObject({ exitCode: 0 });
      expect(await up("--expect-no-changes")).toMatchObject({ exitCode: 0 });

      const states = puts.filter(({ path }) => path.endsWith(STACK_OBJECT));
      expect(states.length).toBeGreaterThan(20);
      expect(new Set(states.map(({ query }) => query))).toEqual(new Set(["x-id=PutObject"]));
      expect(Math.max(...states.map(({ bytes }) => bytes))).toBeLessThan(LIMIT_BYTES * 0.6);
      expect(await locks()).toEqual([]);
    },
    2 * MINUTES,
  );

  test("holds no key of the account, and nobody else may read it", async () => {
    const { accessKeyId, secretAccessKey } = cloud.cloud.credentials;
    for (const { key } of await s3.listObjects(STATE)) {
      const text = (await s3.getObject(STATE, key))?.bytes.toString("utf8") ?? "";
      expect([key, text.includes(secretAccessKey), text.includes(accessKeyId)]).toEqual([key, false, false]);
      await expect(s3.getObject(STATE, key, { anonymous: true })).rejects.toMatchObject({ status: 403 });
    }
  });
});

describe("two people at once", () => {
  test(
    "the second learns who holds the lock and changes nothing; the first succeeds",
    async () => {
      await project.configure({ generation: 3, draining: 15 });
      const first = up();
      const holder = await lockHolder();
      const second = await up();

      expect(second.exitCode).not.toBe(0);
      expect(second.output).toContain("the stack is currently locked by 1 lock(s)");
      expect(second.output).toContain(`pid ${holder}`);
      expect(await first).toMatchObject({ exitCode: 0 });
      expect(cloud.instances()).toHaveLength(1);
      expect(await locks()).toEqual([]);
    },
    2 * MINUTES,
  );
});

describe("after a kill in the middle of an update", () => {
  test(
    "the lock stays until `pulumi cancel`, and the next up finishes what was begun, with one server",
    async () => {
      await project.configure({ generation: 4 });
      cloud.nextBoot = "late"; // so the kill comes while the cloud starts it, however slow this machine is
      const killed = up();
      const holder = await lockHolder();
      const begun = await waitFor("the new server", 60, async () => cloud.pending()[0]);
      process.kill(holder, "SIGKILL");
      expect((await killed).exitCode).not.toBe(0);
      cloud.becomes(begun, "ready");
      cloud.nextBoot = "ready";

      await project.configure({ draining: 0 });
      expect((await up()).output).toContain("the stack is currently locked");
      expect(await pulumi("cancel", "--yes")).toMatchObject({ exitCode: 0 });
      expect(await up()).toMatchObject({ exitCode: 0 });
      expect(cloud.instances()).toEqual([begun]);
      expect(await up("--expect-no-changes")).toMatchObject({ exitCode: 0 });
    },
    3 * MINUTES,
  );
});

describe("a state above the cloud's limit", () => {
  test(
    "is refused and the earlier one stays; compressed it passes, and is then read without the setting too",
    async () => {
      const file = join(project.directory, "large.json");
      const before = (await pulumi("stack", "export")).stdout;
      await writeFile(file, enlarged(before));

      const refused = await pulumi("stack", "import", "--file", file);
      expect(refused.exitCode).not.toBe(0);
      expect(refused.output).toContain("StatusCode: 400");
      expect((await pulumi("stack", "export")).stdout).toBe(before);

      const accepted = await pulumiWith(GZIP, "stack", "import", "--file", file);
      expect(accepted).toMatchObject({ exitCode: 0 });
      expect((await pulumi("stack", "export")).stdout).toContain(PADDING);
      expect(await pulumiWith(GZIP, "up", "--yes", "--skip-preview")).toMatchObject({ exitCode: 0 });
      expect(cloud.instances()).toHaveLength(1);
    },
    3 * MINUTES,
  );
});

const PADDING = "planet ".repeat(60_000);

/** The same state with one very long output. */
function enlarged(exported: string): string {
  const state = JSON.parse(exported) as { deployment: { resources: { outputs?: Record<string, unknown> }[] } };
  const [stack] = state.deployment.resources;
  if (stack) stack.outputs = { ...stack.outputs, padding: PADDING };
  return JSON.stringify(state);
}

describe("secrets", () => {
  test(
    "are encrypted in the stack's file, and another passphrase does not open the stack",
    async () => {
      expect(await pulumi("config", "set", "--secret", "other:token", "correct horse")).toMatchObject({ exitCode: 0 });
      const text = await readFile(join(project.directory, "Pulumi.test.yaml"), "utf8");
      expect(text).toMatch(/other:token:\s+secure: v1:/);
      expect(text).not.toContain("correct horse");

      const wrong = await pulumiWith({ ...GZIP, PULUMI_CONFIG_PASSPHRASE: "wrong" }, "up", "--yes", "--skip-preview");
      expect(wrong.exitCode).not.toBe(0);
      expect(wrong.output).toContain("incorrect passphrase");
      expect(cloud.instances()).toHaveLength(1);
    },
    MINUTES,
  );
});
