import { readFileSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { withProvider } from "../packages/cli/verbs/rollback/todaysProvider.ts";
import { BEFORE_THE_MEMORY, sourcesOf } from "./harness/earlierVersion.ts";
import { TestProject } from "./harness/project.ts";
import { read, TestCloud } from "./harness/testCloud.ts";

// A planet that the program and the provider of an earlier version have deployed meets today's: state, bucket and server are
// theirs. Proves what is replaced, and that there is a way back and forward again; machines only pretend.

const MINUTES = 60_000;
const PROVIDER = fileURLToPath(new URL("../packages/eucalyptus-provider/bin", import.meta.url));
/** What a reader, or somebody's DNS, would lose. */
const LASTING = /^aws:(?:s3\/bucket:|ec2\/(?:eip:|securityGroup|keyPair))/;

interface Step {
  readonly op: string;
  readonly urn: string;
}

let cloud: TestCloud;
let earlier: string;
let old: TestProject;
let today: TestProject;

beforeAll(async () => {
  cloud = await TestCloud.start("upgrade", "vpc");
  earlier = await sourcesOf(BEFORE_THE_MEMORY);
  const { keepMemory: _, ...settings } = cloud.settings;
  const common = { stack: "test", ...cloud.cloud.credentials };
  old = await TestProject.create({ ...common, config: settings, sources: earlier });
  today = await TestProject.create({ ...common, config: cloud.settings, backendOf: old });
  for (const { directory } of [old, today])
    await writeFile(join(directory, "userdata/planet.sh"), "#!/bin/bash\n: a stand-in\n");
  await old.up();
}, 5 * MINUTES);
afterAll(async () => {
  for (const project of [old, today]) await project?.remove();
  await cloud?.stop();
  if (earlier) await rm(earlier, { recursive: true });
}, MINUTES);

async function planet(project: TestProject) {
  const { address = "", instanceId, release } = await project.outputs();
  expect(cloud.holder(address)).toBe(instanceId);
  expect(cloud.instances()).toEqual([instanceId]);
  expect(await read(`http://${address}/status.json`)).toContain(`"release":"${release}"`);
  return { address, release };
}

/** What a deploy would do, as `op type`, without what stays. */
async function steps(project: TestProject): Promise<string[]> {
  const { stdout } = await project.succeed(["preview", "--json"]);
  const { steps: all } = JSON.parse(stdout) as { readonly steps: readonly Step[] };
  const typeOf = (urn: string) => urn.split("::")[2]?.split("$").at(-1);
  return all.filter(({ op }) => !/^(?:same|read|refresh)/.test(op)).map(({ op, urn }) => `${op} ${typeOf(urn)}`);
}

test(
  "an upgrade replaces nothing that lasts, and the server only where the notes for upgrades say so",
  async () => {
    const found = await steps(today);
    expect(found.filter((step) => LASTING.test(step.split(" ")[1] ?? "") && !step.startsWith("update"))).toEqual([]);
    const [unreleased = ""] = readFileSync("CHANGELOG.md", "utf8").split(/^## /m).slice(1);
    const [, notes = ""] = unreleased.split("### When you upgrade");
    expect(found).toContain("create aws:ec2/instance:Instance");
    expect(notes).toContain("replaces the server once");
  },
  5 * MINUTES,
);

test(
  "it is deployed at the same address; back to the earlier program, and forward again, there is always one server",
  async () => {
    const before = await planet(old);
    await today.up();
    const upgraded = await planet(today);
    await today.succeed(["preview", "--expect-no-changes"]);

    // As `planet rollback` does it: the program of then, the provider of today.
    await old.edit("Pulumi.yaml", (text) => withProvider(text, PROVIDER) ?? "");
    await old.up();
    expect(await planet(old)).toEqual(before);
    await old.succeed(["preview", "--expect-no-changes"]);

    await today.up();
    expect(await planet(today)).toEqual(upgraded);
    expect(upgraded.address).toBe(before.address);
    await today.succeed(["preview", "--expect-no-changes"]);
  },
  15 * MINUTES,
);
