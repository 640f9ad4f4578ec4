// `npm run bench`: what a preview with nothing to do and an `up` that replaces the server cost, beside Terraform.
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { parseArgs } from "node:util";
import { sshLine } from "../packages/eucalyptus-provider/testing/sshLine.ts";
import { TestCloud } from "../tests/harness/testCloud.ts";
import { startEngine } from "../tests/harness/testEngine.ts";
import { createLenientFront } from "./lenientFront.ts";
import { type Cost, measure } from "./measure.ts";
import { type Case, reportText } from "./report.ts";
import type { Wanted } from "./stacks.ts";
import { pulumiTool, type Tool, terraformTool } from "./tools.ts";

/** Of the stack that both tools have: what the planet has, less what only the planet has. */
const OBJECTS = 20;

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "5" },
    /** A folder as `terraform init -plugin-dir` takes it. */
    "terraform-plugins": { type: "string" },
  },
});
const runs = Number(values.runs);
const say = (line: string) => void process.stderr.write(`${line}\n`);

const cases = [...(await sameStack()), ...(await planet())];
process.stdout.write(`${reportText(cases)}\n`);

/** Both tools in turn, on one cloud, each with its own resources of the same kinds. */
async function sameStack(): Promise<Case[]> {
  const cloud = await TestCloud.start("bench", "vpc");
  const { credentials } = cloud.cloud;
  const front = createLenientFront(cloud.endpoint, credentials);
  const endpoint = await listen(front);
  const wanted = { endpoint, objects: OBJECTS, image: cloud.settings.image, publicKey: sshLine(2048) };
  const ours = await pulumiTool(credentials);
  const theirs = await ready(await terraformTool(credentials, values["terraform-plugins"]), {
    ...wanted,
    generation: 0,
  });
  await ours.write({ ...wanted, generation: 0 });
  await ours.prepare();
  const preview = { ours: [] as Cost[], theirs: [] as Cost[] };
  const replace = { ours: [] as Cost[], theirs: [] as Cost[] };
  for (let generation = 1; generation <= runs; generation++) {
    say(`run ${generation} of ${runs}`);
    preview.ours.push(await measure(() => ours.preview()));
    if (theirs) preview.theirs.push(await measure(() => theirs.preview()));
    await ours.write({ ...wanted, generation });
    replace.ours.push(await measure(() => ours.up()));
    await theirs?.write({ ...wanted, generation });
    if (theirs) replace.theirs.push(await measure(() => theirs.up()));
  }
  await ours.remove();
  await theirs?.remove();
  front.close();
  await cloud.stop();
  return [
    { name: `the same ${OBJECTS + 6} resources: a preview with nothing to do, refresh included`, ...preview },
    { name: `the same ${OBJECTS + 6} resources: an up that replaces the server`, ...replace },
  ];
}

/** Terraform with its stack deployed; without it the benchmark goes on and says what is missing. */
async function ready(tool: Tool | string, wanted: Wanted): Promise<Tool | undefined> {
  try {
    if (typeof tool === "string") throw new Error(tool);
    await tool.write(wanted);
    await tool.prepare();
    return tool;
  } catch (error) {
    say(`No comparison with Terraform: ${error instanceof Error ? error.message : String(error)}`);
    say("It takes terraform 1.x and its AWS provider 5.x; --terraform-plugins names a folder that has the provider.");
    return undefined;
  }
}

/** The project's own stack, with its gates: for these there is nothing to compare with. */
async function planet(): Promise<Case[]> {
  const { project, stop } = await startEngine("bench-planet", "vpc");
  await project.up();
  const preview: Cost[] = [];
  const replace: Cost[] = [];
  for (let generation = 2; generation < 2 + runs; generation++) {
    say(`planet, run ${generation - 1} of ${runs}`);
    preview.push(await measure(() => project.start(["preview", "--expect-no-changes"])));
    await project.configure({ generation });
    replace.push(await measure(() => project.start(["up", "--yes", "--skip-preview"])));
  }
  await stop();
  return [
    { name: "the planet's stack: a preview with nothing to do, refresh included", ours: preview, theirs: [] },
    { name: "the planet's stack: an up that replaces the server, gates included", ours: replace, theirs: [] },
  ];
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
