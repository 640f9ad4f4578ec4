import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "@jest/globals";

// Proves that docs/architecture.md draws the imports that exist; not that they are wise.

const CHECKOUT = fileURLToPath(new URL("..", import.meta.url));
const textOf = (file: string): string => readFileSync(join(CHECKOUT, file), "utf8");

const namesIn = (cell = ""): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name);

/** From each room of the page's table to the rooms that it may import. */
function readTable(): Map<string, readonly string[]> {
  const [, section = ""] = textOf("docs/architecture.md").split("\n## Who may import whom\n");
  const [table = ""] = section.split("\n## ");
  const rows = table.split("\n").filter((line) => line.startsWith("| `"));
  return new Map(
    rows.map((row) => {
      const [, room, others] = row.split("|");
      return [namesIn(room).join(), namesIn(others)];
    }),
  );
}

const TABLE = readTable();
const ROWS = [...TABLE.keys()];

interface Room {
  /** As the table names it: `packages/cli/verbs/*`. */
  readonly row: string;
  /** With the name in place of `*`: `packages/cli/verbs/status`. */
  readonly path: string;
}

/** The innermost room that holds the file; a test belongs to the room of what it tests. */
function roomOf(file: string): Room | undefined {
  const tested = file.replace(/\.test\.ts$/, ".ts");
  const rooms = ROWS.flatMap((row) => {
    const [path] = new RegExp(`^${row.replace("*", "[^/]+")}(?=/|$)`).exec(tested) ?? [];
    return path === undefined ? [] : [{ row, path }];
  });
  return rooms.toSorted((a, b) => b.row.length - a.row.length)[0];
}

const isTestCode = (file: string): boolean => /\.test\.ts$|(^|\/)(testing|testdata)(\/|$)|^(tests|bench)\//.test(file);

/** Static, `import type`, dynamic, and `export … from`. Biome keeps them in double quotes. */
const specifiersIn = (code: string): string[] =>
  [...code.matchAll(/\b(?:from|import)\s*\(?\s*"([^"]+)"/g)].map(([, specifier = ""]) => specifier);

/** The file or folder that is meant, from the top of the repository; undefined for Node's and npm's modules. */
function targetOf(file: string, specifier: string): string | undefined {
  if (specifier.startsWith(".")) return join(dirname(file), specifier);
  return specifier.startsWith("@planet/") ? specifier.replace("@planet", "packages") : undefined;
}

interface Import {
  readonly file: string;
  readonly target: string;
}

const isForeign = (path: string): boolean => /(^|\/)(node_modules|\.planet|\.git)$/.test(path);
const imports = globSync("**/*.{ts,mjs}", { cwd: CHECKOUT, exclude: isForeign }).flatMap((file): Import[] =>
  specifiersIn(textOf(file)).flatMap((specifier) => {
    const target = targetOf(file, specifier);
    return target === undefined ? [] : [{ file, target }];
  }),
);

/** The rule that the import breaks. */
function brokenRule({ file, target }: Import): string | undefined {
  if (isTestCode(target) && !isTestCode(file)) return "product code imports no test code";
  const [from, to] = [roomOf(file), roomOf(target)];
  if (!from || !to) return isTestCode(file) ? undefined : `the table has no room for ${from ? target : file}`;
  if (from.path === to.path || TABLE.get(from.row)?.includes(to.row)) return undefined;
  if (!isTestCode(file)) return `${from.path} may not import ${to.path}`;
  return ROWS.indexOf(from.row) < ROWS.indexOf(to.row) ? undefined : `tests of ${from.path} look only into lower rooms`;
}

test.each([
  'import { a } from "./a.ts";',
  'import type {\n  A,\n} from "./a.ts";',
  'import "./a.ts";',
  'export * from "./a.ts";',
  'const { a } = await import("./a.ts");',
  'type A = typeof import("./a.ts");',
])("the import in %j is found", (code) => expect(specifiersIn(code)).toEqual(["./a.ts"]));

test("every import is allowed by the table", () => {
  const broken = imports.flatMap(({ file, target }) => {
    const rule = brokenRule({ file, target });
    return rule === undefined ? [] : [`${file} imports ${target}: ${rule}`];
  });
  expect(broken).toEqual([]);
});

test("every row and arrow of the table is needed by product code", () => {
  const arrows = imports
    .filter(({ file }) => !isTestCode(file))
    .map(({ file, target }) => [roomOf(file)?.row, roomOf(target)?.row]);
  const used = new Set(arrows.flatMap(([from, to]) => [from, to, `${from} → ${to}`]));
  const drawn = [...TABLE].flatMap(([room, others]) => [room, ...others.map((other) => `${room} → ${other}`)]);
  expect(drawn.filter((each) => !used.has(each))).toEqual([]);
});

test("a room imports only rooms that stand below it: there are no circles", () => {
  const upward = [...TABLE].flatMap(([room, others]) =>
    others.filter((other) => ROWS.indexOf(other) <= ROWS.indexOf(room)).map((other) => `${room} → ${other}`),
  );
  expect(upward).toEqual([]);
});
