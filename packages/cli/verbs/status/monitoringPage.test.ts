import { test } from "@jest/globals";
import { expectParts, type Field, interfaceFields, markdownTable } from "@planet/content/testing";

const PAGE = new URL("../../../../docs/monitoring.md", import.meta.url);
const REPORT = interfaceFields(new URL("statusReport.ts", import.meta.url)).get("StatusReport") ?? [];

/** A row for each field; those of a list's objects below it. */
const rows = (fields: readonly Field[], path = ""): string[][] =>
  fields.flatMap(({ name, optional, meaning, fields: inner }) => [
    [`\`${path}${name}\`${optional ? " (or absent)" : ""}`, meaning],
    ...rows(inner, inner.length > 0 && name === "findings" ? `${path}${name}[].` : `${path}${name}.`),
  ]);

test("docs/monitoring.md has each field of the report (UPDATE_GOLDEN=1 rewrites it)", () => {
  expectParts(PAGE, { report: markdownTable(["field", "meaning"], rows(REPORT)) });
});
