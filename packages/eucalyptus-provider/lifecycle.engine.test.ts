import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { clientsOf, type EngineProject, makeEngineProject } from "./testing/engineProject.ts";
import { leavings } from "./testing/leavings.ts";
import { changed, operations, run, up } from "./testing/lifecycleProject.ts";

const MINUTES = 60_000;

/** Two rules of one group that share the given sources, and a key pair, under the given logical name. */
const program = (a: string, b: string, key: string) => `
const group = new aws.ec2.SecurityGroup("group", { name: "fixed" }, options);
const rule = (name: string, cidrBlocks: string[]) => new aws.ec2.SecurityGroupRule(name, {
  type: "ingress", securityGroupId: group.id, protocol: "tcp", fromPort: 80, toPort: 80, cidrBlocks,
}, options);
rule("a", [${a}]);
rule("b", [${b}]);
new aws.s3.Bucket("${key}", { bucket: "fixed" }, options);`;
const [ONE, TWO, THREE] = ['"10.0.0.0/8"', '"192.0.2.1/32"', '"192.0.2.2/32"'];

let project: EngineProject;
beforeAll(async () => {
  project = await makeEngineProject("vpc");
}, 15 * MINUTES);
afterAll(() => project.remove());

/** The whole of it: lifecycle.full.engine.test.ts and naturalKeys.full.engine.test.ts. */
test(
  "a source that moves to another rule and a thing under another logical name are there at the end, and nothing changes then",
  async () => {
    await project.program(program(`${ONE}, ${TWO}`, THREE, "bucket"));
    await up(project);
    await project.program(program(ONE, `${TWO}, ${THREE}`, "renamed"));
    await up(project);
    const { ec2, s3 } = clientsOf(project);
    const [group] = await ec2.describeSecurityGroups({ "group-name": ["fixed"] });
    const open = group?.ingress.flatMap(({ cidrs }) => cidrs.map(({ cidr }) => `"${cidr}"`));
    expect(open?.toSorted()).toEqual([ONE, TWO, THREE]);
    expect(await s3.listBuckets()).toEqual(["fixed"]);
    expect(changed(await operations(project))).toEqual({});
    await run(project, "destroy", "--yes", "--skip-preview");
    expect(await leavings(clientsOf(project))).toEqual([]);
  },
  5 * MINUTES,
);
