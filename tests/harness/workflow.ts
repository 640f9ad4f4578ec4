import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { collect } from "./project.ts";

/** A step that runs a command; `uses:` steps are GitHub's own and are left to the test. */
interface Step {
  readonly command: string;
  readonly condition: string | undefined;
  /** Names and expressions, not yet evaluated. */
  readonly environment: readonly Variable[];
}

interface Variable {
  readonly name: string;
  readonly expression: string;
}

export interface Workflow {
  readonly text: string;
  readonly environment: readonly Variable[];
  readonly steps: readonly Step[];
}

/** Reads .github/workflows/<name>.yml of a checkout: the shape that ours have, not YAML in general. */
export function readWorkflow(checkout: string, name: string): Workflow {
  const text = readFileSync(join(checkout, ".github/workflows", `${name}.yml`), "utf8");
  const [job = "", steps = ""] = text.split(/^ {4}steps:\n/m);
  const blocks = steps.split(/^ {6}- /m).map((block) => `        ${block}`);
  return {
    text,
    environment: variables(job, 6),
    steps: blocks.flatMap((block) => {
      const command = valueAt(block, "run");
      return command === undefined
        ? []
        : { command, condition: valueAt(block, "if"), environment: variables(block, 10) };
    }),
  };
}

const valueAt = (block: string, key: string): string | undefined =>
  new RegExp(`^ {8}${key}: (.+)$`, "m").exec(block)?.[1];

function variables(text: string, indent: number): Variable[] {
  const lines = text.matchAll(new RegExp(`^ {${indent}}([A-Z_]+): \\$\\{\\{ (.+) \\}\\}$`, "gm"));
  return [...lines].map(([, name = "", expression = ""]) => ({ name, expression }));
}

export interface Job {
  readonly directory: string;
  /** What GitHub puts into expressions, by whole name: `vars.PLANET_STACK`. */
  readonly contexts: Readonly<Record<string, string>>;
  /** The runner's own. */
  readonly environment: NodeJS.ProcessEnv;
}

/** Runs a workflow's commands as a runner does. @returns exit code of the first that failed, and all they said. */
export async function runWorkflow(name: string, job: Job): Promise<{ exitCode: number; output: string }> {
  const workflow = readWorkflow(job.directory, name);
  let [exitCode, output] = [0, ""];
  for (const step of workflow.steps) {
    if (!isDue(step.condition, exitCode, job.directory)) continue;
    const set = [...workflow.environment, ...step.environment].map(({ name: variable, expression }) => [
      variable,
      evaluate(expression, job.contexts),
    ]);
    const env = { ...job.environment, ...Object.fromEntries(set) };
    // Source: GitHub's "Workflow syntax", shell: `bash -e {0}` where none is named.
    const child = spawn("bash", ["-e", "-c", step.command], {
      cwd: job.directory,
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const result = await collect(child);
    exitCode ||= result.exitCode;
    output += `$ ${step.command}\n${result.output}`;
  }
  return { exitCode, output };
}

/** Only the conditions that our workflows have; a new one has to be understood here first. */
function isDue(condition: string | undefined, exitCode: number, directory: string): boolean {
  if (condition === undefined) return exitCode === 0;
  const [, file] = /^always\(\) && hashFiles\('([^']+)'\) != ''$/.exec(condition) ?? [];
  if (file === undefined) throw new Error(`no meaning is known for "if: ${condition}"`);
  return existsSync(join(directory, file));
}

/** `context.name`, or with a default: `context.name || 'word'`. What is not there is empty, as on GitHub. */
function evaluate(expression: string, contexts: Job["contexts"]): string {
  const [, name, fallback = ""] = /^((?:vars|secrets|github)\.[\w.]+)(?: \|\| '([^']*)')?$/.exec(expression) ?? [];
  if (name === undefined) throw new Error(`no meaning is known for "${expression}"`);
  return contexts[name] || fallback;
}
