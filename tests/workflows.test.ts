import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { commentMarker } from "../packages/cli/change/markdown.ts";
import { GH, writeCommands } from "./harness/stubCommands.ts";
import { readWorkflow } from "./harness/workflow.ts";

const WORKFLOWS = ["preview", "deploy", "drift"] as const;
const workflow = (name: string) => readWorkflow(".", name).text;
const steps = (name: string) => readWorkflow(".", name).steps.map(({ command }) => command);

/** Prints how it was called, and fails if asked to. */
const NPX = `#!/bin/sh
echo "npx $*"
exit "\${NPX_CODE:-0}"
`;

let folder: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "planet-workflow-"));
  await writeCommands(folder, { gh: GH, npx: NPX });
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs a step's own command as a runner does: bash, and the variables of the workflow. */
function step(command: string, environment: NodeJS.ProcessEnv = {}) {
  const env = {
    ...process.env,
    PATH: `${folder}${delimiter}${process.env.PATH}`,
    PLANET_STACK: "prod",
    GITHUB_STEP_SUMMARY: join(folder, "summary.md"),
    GITHUB_REPOSITORY: "us/planet",
    PULL_REQUEST: "7",
    STORE: join(folder, "comments.json"),
    ...environment,
  };
  const { status, stdout, stderr } = spawnSync(
    "bash",
    ["-e", "-c", command.replaceAll("preview.md", join(folder, "preview.md"))],
    {
      env,
      encoding: "utf8",
    },
  );
  return { status, stdout, stderr };
}

describe("the workflows' own steps (proves commands and comments; tests/workflows.full.engine.test.ts deploys; not GitHub)", () => {
  test("are few commands", () => {
    expect(WORKFLOWS.map(steps)).toEqual([
      [
        "npm ci --ignore-scripts",
        ".github/scripts/preview.sh preview.md",
        '.github/scripts/comment.sh "$PULL_REQUEST" preview.md',
      ],
      [
        "npm ci --ignore-scripts",
        '.github/scripts/preview.sh "$GITHUB_STEP_SUMMARY"',
        'npx pulumi up --yes --non-interactive --stack "$PLANET_STACK"',
      ],
      ["npm ci --ignore-scripts", '.github/scripts/preview.sh "$GITHUB_STEP_SUMMARY" --expect-no-changes'],
    ]);
  });

  test("what runs a branch's code, or only looks, has neither the keys nor the runners of a deploy", () => {
    const places = WORKFLOWS.map((name) => /runs-on: (.+)\n +environment: (.+)\n/.exec(workflow(name))?.slice(1));
    const readOnly = ["[self-hosted, planet-preview]", "planet-preview"];
    expect(places).toEqual([readOnly, ["[self-hosted, planet]", "planet"], readOnly]);
  });

  test.each(["0", "1"])("a preview that ends with %s is written, and its exit code passed on", (code) => {
    const [, command = ""] = steps("preview");
    expect(step(command, { NPX_CODE: code }).status).toBe(Number(code));
    expect(readFileSync(join(folder, "preview.md"), "utf8")).toBe("npx planet preview --stack prod --markdown\n");
  });

  test("drift looks at the cloud itself", () => {
    step(steps("drift")[1] ?? "");
    const asked = readFileSync(join(folder, "summary.md"), "utf8");
    expect(asked).toBe("npx planet preview --stack prod --markdown --expect-no-changes\n");
  });

  test("one comment per stack is made once and then edited in place", () => {
    const store = join(folder, "comments.json");
    const body = (stack: string, text: string) => `${commentMarker(stack)}\n${text}\n`;
    const others = [
      { id: 1, user: { type: "User" }, body: body("prod", "by a person") },
      { id: 2, user: { type: "Bot" }, body: body("prod-2", "of another stack").replaceAll("\n", "\r\n") },
    ];
    writeFileSync(store, JSON.stringify(others));
    const command = steps("preview")[2] ?? "";
    for (const text of ["first", "second $(touch x) `id`"]) {
      writeFileSync(join(folder, "preview.md"), body("prod", text));
      expect(step(command)).toMatchObject({ status: 0, stderr: "" });
    }
    const second = body("prod", "second $(touch x) `id`");
    expect(JSON.parse(readFileSync(store, "utf8"))).toEqual([
      ...others,
      { id: 102, user: { type: "Bot" }, body: second },
    ]);
    writeFileSync(join(folder, "preview.md"), body("prod-2", "third"));
    step(command);
    expect(JSON.parse(readFileSync(store, "utf8"))[1]).toEqual({
      id: 2,
      user: { type: "Bot" },
      body: body("prod-2", "third"),
    });
  });

  test("a file that is not a preview makes no comment", () => {
    writeFileSync(join(folder, "preview.md"), "anything\n");
    expect(step(steps("preview")[2] ?? "").status).toBe(2);
  });
});

describe("the workflows' guards (proves the text; a fork can change it, which the first comment says)", () => {
  test.each(WORKFLOWS)("%s: own runner, pinned actions, fewest rights, no text of others in a command", (name) => {
    const text = workflow(name);
    expect(text).toContain("runs-on: [self-hosted, ");
    expect(text).not.toContain("pull_request_target");
    for (const [, action] of text.matchAll(/uses: (\S+)/g)) expect(action).toMatch(/@[0-9a-f]{40}$/);
    expect(text).toMatch(/\npermissions:\n {2}contents: read\n( {2}pull-requests: write\n)?\n/);
    for (const command of steps(name)) expect(command).not.toContain("${{");
  });

  test("forks get no preview, and no deploy is cut off", () => {
    expect(workflow("preview")).toContain("if: github.event.pull_request.head.repo.full_name == github.repository\n");
    expect(workflow("deploy")).toContain("cancel-in-progress: false\n");
    expect(workflow("drift")).not.toContain("group: planet-deploy");
  });

  test("the scripts are executable and plain shell", () => {
    const listed = execFileSync("git", ["ls-files", "-s", ".github/scripts"], { encoding: "utf8" });
    for (const entry of listed.trim().split("\n").filter(Boolean)) expect(entry).toMatch(/^100755 /);
  });
});
