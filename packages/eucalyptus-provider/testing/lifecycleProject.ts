import { expect } from "@jest/globals";
import type { EngineProject, Run } from "./engineProject.ts";
import type { Facts, Lifecycle, Written } from "./lifecycles.ts";

/** What the engine does to one resource in a preview. */
export type Operation = "create" | "update" | "replace" | "delete" | "same" | "import";

/** A program of all things at once, each with what it needs, in a block of its own. */
export function program(things: readonly { lifecycle: Lifecycle; inputs: Written }[]): string {
  const blocks = things.map(({ lifecycle: { type, around = "", exports = {} }, inputs }) => {
    const shown = Object.entries({ id: "thing.id", ...exports }).map(([name, value]) => `${name}: ${value}`);
    return `{
${around}
const thing = new aws.${type}("${nameOf(type)}", { ${assignments(inputs)} }, options);
facts["${nameOf(type)}"] = { ${shown.join(", ")} };
}`;
  });
  return `export const facts: Record<string, unknown> = {};\n${blocks.join("\n")}`;
}

/** The program that one would write for what was imported: no block around it, names of the cloud. */
export function importedProgram(things: readonly { lifecycle: Lifecycle; inputs: Written }[]): string {
  return things
    .map(
      ({ lifecycle: { type }, inputs }) => `new aws.${type}("${nameOf(type)}", { ${assignments(inputs)} }, options);`,
    )
    .join("\n");
}

export const nameOf = (type: Lifecycle["type"]): string => type.split(".").at(-1) ?? type;

const assignments = (inputs: Written) =>
  Object.entries(inputs)
    .map(([name, value]) => `${name}: ${value}`)
    .join(", ");

/** Runs a command that has to succeed. */
export async function run(project: EngineProject, ...args: string[]): Promise<Run> {
  const result = await project.pulumi(...args);
  if (result.code !== 0) expect(`pulumi ${args.join(" ")}: ${result.output}`).toBe("exit code 0");
  return result;
}

export const up = (project: EngineProject, ...flags: string[]) =>
  run(project, "up", "--yes", "--skip-preview", ...flags);

/** What a preview would do, by logical name. */
export async function operations(project: EngineProject, ...flags: string[]): Promise<Record<string, Operation>> {
  const { stdout } = await run(project, "preview", "--json", ...flags);
  const { steps = [] } = JSON.parse(stdout.slice(stdout.indexOf("{"))) as { steps?: { op: string; urn: string }[] };
  const found: Record<string, Operation> = {};
  for (const { op, urn } of steps) {
    const name = urn.split("::").at(-1) ?? urn;
    if (op === "refresh") continue;
    if (/^(create-replacement|delete-replaced)$/.test(op)) found[name] = "replace";
    else if (found[name] !== "replace") found[name] = op as Operation;
  }
  return found;
}

/** Only what is not the same. */
export function changed(found: Readonly<Record<string, Operation>>): Record<string, Operation> {
  return Object.fromEntries(Object.entries(found).filter(([, operation]) => operation !== "same"));
}

export async function factsOf(project: EngineProject): Promise<Record<string, Facts>> {
  return ((await project.outputs()).facts ?? {}) as Record<string, Facts>;
}
