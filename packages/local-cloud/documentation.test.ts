import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { ACTIONS } from "./ec2/actions.ts";
import { REFUSED_OPERATIONS } from "./s3/operations/refused.ts";
import { CONSTANT_OPERATIONS } from "./s3/operations/unsupported.ts";
import { OPERATIONS } from "./s3/operations.ts";
import { UNSUPPORTED } from "./s3/unsupported.ts";

const PAGE = new URL("../../docs/local-cloud.md", import.meta.url);
const BEGIN = "documentation.test.ts compares -->\n";
const END = "<!-- end -->";

const actionsBy = (wanted: string): string[] =>
  [...ACTIONS.values()].filter(({ basis }) => basis === wanted).map(({ name }) => name);

function operationsTable(): string {
  const constant = CONSTANT_OPERATIONS.map(({ name }) => name);
  const refused = Object.values(UNSUPPORTED).flatMap(({ name, answer }) => (answer ? [] : [name]));
  const always = REFUSED_OPERATIONS.map(({ name }) => name);
  const performed = [...OPERATIONS.keys()].filter((name) => ![...constant, ...always].includes(name));
  const row = (title: string, names: Iterable<string>): string =>
    `| ${title} | ${[...new Set(names)].toSorted().join(", ")} |`;
  return [
    "| | |",
    "|---|---|",
    row("EC2, as observed on 5.1.0", actionsBy("observed")),
    row("EC2, as read in the source", actionsBy("read")),
    row("S3", performed),
    row("S3, read as not configured", constant),
    row("S3, refused with 501", refused),
    row("S3, always refused", always),
    row("STS", ["GetCallerIdentity"]),
    "",
  ].join("\n");
}

test("docs/local-cloud.md lists exactly the operations of the code", () => {
  const page = readFileSync(PAGE, "utf8");
  expect(page.slice(page.indexOf(BEGIN) + BEGIN.length, page.indexOf(END))).toBe(operationsTable());
});
