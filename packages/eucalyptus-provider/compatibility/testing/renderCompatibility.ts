import type { InputRule } from "../../rules/inputRule.ts";
import { CALL_SOURCES } from "./callSources.ts";
import type { PropertyFacts, TypeFacts } from "./facts.ts";
import type { Operation } from "./recorder.ts";

const INTRODUCTION = `# Compatibility

What the \`aws\` plugin of this project does on a Eucalyptus: each resource type, each property of Pulumi's AWS package
(7.48.0, its names by its own types), and each call that reaches the cloud. This page is made from the code: change the code,
then run \`UPDATE_GOLDEN=1 npm run test:unit -- compatibility\`. A test fails while the two differ.

How to read a type's tables, and where each fact comes from:

- **Properties**: what a change of the property does on a cloud in EDGE and in VPC mode. \`in place\`: the resource stays.
  \`new resource\`: Pulumi makes a new one, then deletes the old one. \`refused\`: the preview stops with these words. From the
  rules of the code, and from asking the provider's own checks in each mode. *When absent*: \`computed\` means that
  leaving it out is not a change: the resource keeps the value that it has, which the cloud or the provider chose. From the rules,
  and from making the resource of as little as possible on the local cloud.
- **Refused**: properties that the cloud cannot honour, with what to do instead. A value in brackets changes nothing and is let
  through. From the rules of the code; the reasons rest on the sources of Eucalyptus 5.1.0 that stand beside the rules and in
  the last table of this page.
- **Outputs**: what the SDK declares besides the inputs, and whether it has a value here. Seen on the local cloud.
- **Calls**: every call by which the plugin did its work on the local cloud, recorded on the wire: a preview, a create, a read
  (a refresh or an import), an update, a delete. The local cloud refuses what Eucalyptus' source refuses.

Each type can be imported: \`npx pulumi import --generate-code=false <type> <name> <id>\`, then write the program that one would
write; what the cloud chose may be left out. Without that option the CLI asks for a schema, which this plugin has not, and
ends with an error although it has imported.

Types and functions that are not on this page are refused with a sentence that says whether Eucalyptus has such a thing.
`;

/** The whole of docs/compatibility.md. */
export function renderCompatibility(types: readonly TypeFacts[], greeting: ReadonlySet<string>): string {
  const functions = types.filter(({ token }) => isFunction(token));
  return [
    INTRODUCTION,
    `Each command first asks \`${[...greeting].toSorted().join("` and `")}\`, once: the mode of the cloud, and whether its object storage answers there.\n`,
    ...types.filter(({ token }) => !isFunction(token)).map(renderType),
    `## Functions\n`,
    ...functions.map(renderFunction),
    renderSources(types, greeting),
  ].join("\n");
}

const isFunction = (token: string) => /:get[A-Z]\w*$/.test(token);

function renderType(type: TypeFacts): string {
  return [
    `## ${sdkName(type.token)}\n`,
    `\`${type.token}\`\n`,
    table(["property", "EDGE", "VPC", "when absent"], type.properties.map(propertyRow)),
    refusedTable(type.inputs),
    outputsText(type),
    callsTable(type, ["preview", "create", "read", "update", "delete"]),
  ]
    .filter(Boolean)
    .join("\n");
}

function renderFunction(type: TypeFacts): string {
  const taken = Object.entries(type.inputs).flatMap(([name, { kind }]) => (kind === "refused" ? [] : name));
  const calls = unique([...type.calls("invoke", "edge"), ...type.calls("invoke", "vpc")]);
  return [
    `### ${sdkName(type.token)}\n`,
    `Arguments: ${code(taken)}. Calls: ${calls.length === 0 ? "none" : calls.join(", ")}.\n`,
    refusedTable(type.inputs),
    outputsText(type),
  ]
    .filter(Boolean)
    .join("\n");
}

function propertyRow({ name, isRequired, whenAbsent, change }: PropertyFacts): string[] {
  const absent = { cloud: "computed", provider: "made up by the provider", nobody: "–" }[whenAbsent];
  return [`\`${name}\``, change.edge, change.vpc, isRequired ? "**required**" : absent];
}

/** One row for each reason: a type of fifty properties is refused for a dozen. */
function refusedTable(inputs: Readonly<Record<string, InputRule>>): string {
  const reasons = new Map<string, string[]>();
  for (const [name, rule] of Object.entries(inputs)) {
    if (rule.kind !== "refused") continue;
    const harmless = (rule.unless ?? []).map((value) => JSON.stringify(value)).join(", ");
    const shown = harmless === "" ? `\`${name}\`` : `\`${name}\` (\`${harmless}\`)`;
    reasons.set(rule.reason, [...(reasons.get(rule.reason) ?? []), shown]);
  }
  if (reasons.size === 0) return "";
  return table(
    ["refused", "because"],
    [...reasons].map(([reason, names]) => [names.join(", "), reason]),
  );
}

function outputsText({ outputs: { edge, vpc } }: TypeFacts): string {
  const both = vpc.given.filter((name) => edge.given.includes(name));
  const only = (mine: readonly string[], other: readonly string[]) => mine.filter((name) => !other.includes(name));
  const sentences = [
    `Outputs: ${both.length === 0 ? "none" : code(both)}`,
    ...labelled("in VPC mode also", only(vpc.given, edge.given)),
    ...labelled("in EDGE mode also", only(edge.given, vpc.given)),
    ...labelled(
      "always empty",
      vpc.empty.filter((name) => edge.empty.includes(name)),
    ),
  ];
  return `${sentences.join("; ")}.\n`;
}

const labelled = (label: string, names: readonly string[]) => (names.length === 0 ? [] : [`${label} ${code(names)}`]);

function callsTable(type: TypeFacts, operations: readonly Operation[]): string {
  const rows = operations.map((operation) => {
    const [edge, vpc] = [type.calls(operation, "edge"), type.calls(operation, "vpc")];
    const words = unique([...edge, ...vpc]).map((call) => {
      if (edge.includes(call) && vpc.includes(call)) return call;
      return `${call} (${edge.includes(call) ? "EDGE" : "VPC"})`;
    });
    return [operation, words.length === 0 ? "none" : words.join(", ")];
  });
  return table(["", "calls"], rows);
}

function renderSources(types: readonly TypeFacts[], greeting: ReadonlySet<string>): string {
  const users = new Map<string, Set<string>>([...greeting].map((call) => [call, new Set(["each command"])]));
  for (const type of types) {
    for (const operation of ["preview", "create", "read", "update", "delete", "invoke"] as const) {
      for (const call of [...type.calls(operation, "edge"), ...type.calls(operation, "vpc")]) {
        users.set(call, (users.get(call) ?? new Set()).add(type.token.split(":").at(-1) ?? ""));
      }
    }
  }
  const rows = [...users]
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([call, names]) => [call, `\`${CALL_SOURCES[call] ?? "?"}\``, [...names].toSorted().join(", ")]);
  return [
    "## Calls and their sources\n",
    "Where Corymbia/eucalyptus 5.1.0 performs each call; what it accepts, refuses and answers was read there.\n",
    table(["call", "source", "used by"], rows),
  ].join("\n");
}

/** `aws:ec2/eip:Eip` is `aws.ec2.Eip` in a program, `aws:index/getRegion:getRegion` is `aws.getRegion`. */
function sdkName(token: string): string {
  const [, module = "", name = ""] = /^aws:(\w+)\/\w+:(\w+)$/.exec(token) ?? [];
  return module === "index" ? `aws.${name}` : `aws.${module}.${name}`;
}

const unique = (words: readonly string[]) => [...new Set(words)].toSorted();
const code = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(", ");

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return `${[line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n")}\n`;
}
