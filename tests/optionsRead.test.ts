import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "@jest/globals";
import ts from "typescript";

// Proves that the file which declares an option reads something of that name; not that it obeys it.

const CLI = fileURLToPath(new URL("../packages/cli", import.meta.url));

/** `{ type: "string", help: … }`, `STACK`, `{ ...STACK, … }` */
function isOption(node: ts.Expression): boolean {
  if (ts.isIdentifier(node)) return node.text === "STACK";
  if (!ts.isObjectLiteralExpression(node)) return false;
  return node.properties.some((property) =>
    ts.isSpreadAssignment(property) ? isOption(property.expression) : property.name?.getText() === "help",
  );
}

const textOfName = (name: ts.Node): string => (ts.isStringLiteral(name) ? name.text : name.getText());

/** `values.json`, `values["dry-run"]`, `const { json } = values`, `{ "dry-run": dryRun }` as a parameter. */
function readName(node: ts.Node): string | undefined {
  if (ts.isPropertyAccessExpression(node)) return node.name.text;
  if (ts.isElementAccessExpression(node)) return textOfName(node.argumentExpression);
  return ts.isBindingElement(node) ? textOfName(node.propertyName ?? node.name) : undefined;
}

function optionsOf(code: string): { readonly declared: Set<string>; readonly read: Set<string> } {
  const declared = new Set<string>();
  const read = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node) && isOption(node.initializer)) declared.add(textOfName(node.name));
    const name = readName(node);
    if (name !== undefined) read.add(name);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile("code.ts", code, ts.ScriptTarget.Latest, true));
  return { declared, read };
}

const unread = (code: string): string[] => {
  const { declared, read } = optionsOf(code);
  return [...declared].filter((name) => !read.has(name));
};

const FILES = globSync("**/*.ts", { cwd: CLI })
  .filter((file) => !file.endsWith(".test.ts"))
  .map((file) => ({ file, code: readFileSync(join(CLI, file), "utf8") }))
  .filter(({ code }) => optionsOf(code).declared.size > 0);

test("an option that nobody reads is found", () => {
  const table =
    'const table = { stack: STACK, "dry-run": { type: "boolean", help: "x" }, json: { ...JSON, help: "x" } };';
  expect(unread(table)).toEqual(["stack", "dry-run", "json"]);
  expect(unread(`${table} const { stack } = values; use(values["dry-run"], values.json);`)).toEqual([]);
});

test.each(FILES)("$file reads each option that it declares", ({ code }) => expect(unread(code)).toEqual([]));
