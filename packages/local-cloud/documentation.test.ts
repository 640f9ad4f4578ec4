import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { AUTO_SCALING } from "./autoscaling/service.ts";
import { ACTIONS } from "./ec2/actions.ts";
import { ELB } from "./elb/service.ts";
import { FAULTS } from "./faults/catalogue.ts";
import { type Level, operationName } from "./s3/operationName.ts";
import { REFUSED_OPERATIONS } from "./s3/operations/refused.ts";
import { CONSTANT_OPERATIONS } from "./s3/operations/unsupported.ts";
import { OPERATIONS } from "./s3/operations.ts";
import { UNSUPPORTED } from "./s3/unsupported.ts";
import type { Basis } from "./wire/queryAction.ts";
import type { QueryService } from "./wire/queryService.ts";

const PAGE = new URL("../../docs/local-cloud.md", import.meta.url);
const S3_ROWS = new URL("./testdata/observed-s3.json", import.meta.url);
const BEGIN_FAULTS = "printed from faults/ -->\n";
const BEGIN = "documentation.test.ts compares -->\n";
const END = "<!-- end -->";

const actionsBy = (wanted: string): string[] =>
  [...ACTIONS.values()].filter(({ basis }) => basis === wanted).map(({ name }) => name);

const row = (title: string, names: Iterable<string>): string =>
  `| ${title} | ${[...new Set(names)].toSorted().join(", ")} |`;

function serviceRows(title: string, { actions, lacking, stubs = [] }: QueryService): string[] {
  const by = (wanted: Basis) => [...actions.values()].flatMap(({ name, basis }) => (basis === wanted ? [name] : []));
  const rows = [
    [`${title}, as observed on 5.1.0`, by("observed")],
    [`${title}, as read in the source`, by("read")],
    [`${title}, as assumed`, by("assumed")],
    [`${title}, without effect`, stubs],
    [`${title}, not here: refused with 400`, lacking],
  ] as const;
  return rows.flatMap(([what, names]) => (names.length === 0 ? [] : [row(what, names)]));
}

interface S3Row {
  readonly request: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly answer: { readonly status: number };
}

function operationsTable(): string {
  const constant = CONSTANT_OPERATIONS.map(({ name }) => name);
  const refused = Object.values(UNSUPPORTED).flatMap(({ name, answer }) => (answer ? [] : [name]));
  const always = REFUSED_OPERATIONS.map(({ name }) => name);
  const performed = [...OPERATIONS.keys()].filter((name) => ![...constant, ...always].includes(name));
  const observed = new Set([...observedS3Operations(), "PostObject"]); // its test is of its own
  return [
    "| | |",
    "|---|---|",
    row("EC2, as observed on 5.1.0", actionsBy("observed")),
    row("EC2, as read in the source", actionsBy("read")),
    row(
      "S3, as observed on 5.1.0",
      performed.filter((name) => observed.has(name)),
    ),
    row(
      "S3, as read in the source",
      performed.filter((name) => !observed.has(name)),
    ),
    row("S3, read as not configured", constant),
    row("S3, refused with 501", refused),
    row("S3, always refused", always),
    row("STS", ["GetCallerIdentity"]),
    ...serviceRows("Load balancing", ELB),
    ...serviceRows("Auto Scaling", AUTO_SCALING),
    "",
  ].join("\n");
}

/** What the replayed requests that succeeded mean. */
function observedS3Operations(): (string | undefined)[] {
  const { whole, parts } = JSON.parse(readFileSync(S3_ROWS, "utf8")) as Record<"whole" | "parts", S3Row[]>;
  return [...whole, ...parts]
    .filter(({ answer }) => answer.status < 400)
    .map(({ request, headers = {} }) => {
      const [method = "", path = "", query = ""] = request.split(/[ ?]/);
      const [, bucket = "", key = ""] = path.split("/");
      const level: Level = bucket === "" ? "service" : key === "" ? "bucket" : "object";
      return operationName(level, method, [...new URLSearchParams(query)], { isCopy: "x-amz-copy-source" in headers });
    });
}

function printedAfter(begin: string): string {
  const [, after = ""] = readFileSync(PAGE, "utf8").split(begin);
  return after.slice(0, after.indexOf(END));
}

test("docs/local-cloud.md lists exactly the operations of the code", () => {
  expect(printedAfter(BEGIN)).toBe(operationsTable());
});

test("docs/local-cloud.md lists exactly the faults of the code", () => {
  const rows = Object.entries(FAULTS).map(([fault, { summary, takes, ...usual }]) => {
    const options = takes.map((detail) => `\`--${detail}\`${usualOf(detail, usual)}`).join(", ");
    return `| \`${fault}\` | ${summary.replaceAll(/--\w+/g, "`$&`")} | ${options} |`;
  });
  const table = ["| fault | what a client sees | options |", "|---|---|---|", ...rows, ""].join("\n");
  expect(printedAfter(BEGIN_FAULTS)).toBe(table);
});

function usualOf(detail: string, { seconds, times }: { readonly seconds?: number; readonly times?: number }): string {
  const value = detail === "seconds" ? seconds : detail === "times" ? times : undefined;
  return value === undefined ? "" : ` (${value})`;
}
