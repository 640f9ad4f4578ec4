import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { FetchError } from "../fetch/errors.ts";
import { parseDocument } from "./parseDocument.ts";

// Each case: a claim, what must hold of the parsed feed, and the document.
const directory = new URL("./testdata/cases/", import.meta.url);
const cases = readdirSync(directory).map((file) => readCase(file));
const now = Date.UTC(2026, 5, 1);

describe("one claim about one document", () => {
  test.each(cases)("$file: $claim", async ({ document, expectations }) => {
    const result = await parsed(document);
    for (const { path, value } of expectations) expect({ [path]: at(result, path) }).toEqual({ [path]: value });
  });
});

async function parsed(document: string): Promise<unknown> {
  try {
    const { feed } = await parseDocument({ bytes: Buffer.from(document), url: "http://feeds.test/feed", now });
    return feed;
  } catch (error) {
    if (error instanceof FetchError) return { error: error.code };
    throw error;
  }
}

function at(value: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], value);
}

function readCase(file: string) {
  const text = readFileSync(new URL(file, directory), "utf8");
  const [head = "", ...rest] = text.split("\n---\n");
  const [claim = "", ...lines] = head.split("\n");
  const expectations = lines.map((line) => {
    const [path = "", value = ""] = line.split(" = ");
    return { path, value: value === "undefined" ? undefined : (JSON.parse(value) as unknown) };
  });
  return { file: file.replace(/\.case$/, ""), claim, expectations, document: rest.join("\n---\n") };
}
