import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "@jest/globals";
import { COMPUTED, specifiersIn } from "./harness/specifiers.ts";

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

interface Import {
  readonly file: string;
  readonly specifier: string;
  /** The file or folder that is meant, from the top of the repository; for Node's and npm's modules their name. */
  readonly target: string;
}

function importOf(file: string, specifier: string): Import {
  const target = specifier.startsWith(".")
    ? join(dirname(file), specifier)
    : specifier.replace("@planet/", "packages/");
  return { file, specifier, target };
}

const isForeign = (path: string): boolean => /(^|\/)(node_modules|\.planet|\.git)$/.test(path);
const imports = globSync("**/*.{ts,mts,cts,tsx,js,mjs,cjs}", { cwd: CHECKOUT, exclude: isForeign }).flatMap((file) =>
  specifiersIn(textOf(file)).map((specifier) => importOf(file, specifier)),
);
const isOurs = ({ specifier }: Import): boolean => /^(\.|@planet\/)/.test(specifier);

const PLUGIN_PROTOCOL = /^(@grpc\/|google-protobuf\/|@pulumi\/pulumi\/proto\/)/;
const SPEAKS_PLUGIN_PROTOCOL = /^packages\/(pulumi-plugin|toolchain\/host)\//;
const KNOWS_PULUMI = /^(index\.ts$|(components|settings)\/|packages\/(eucalyptus-provider|pulumi-plugin|toolchain)\/)/;

/** The rule that an import of Node's or npm's modules breaks. */
function brokenNpmRule({ file, specifier }: Import): string | undefined {
  if (specifier === COMPUTED) return "what is imported is written out";
  if (PLUGIN_PROTOCOL.test(specifier) && !SPEAKS_PLUGIN_PROTOCOL.test(file)) return "protobuf stays in its packages";
  return specifier.startsWith("@pulumi/") && !KNOWS_PULUMI.test(file) ? "this room knows no Pulumi" : undefined;
}

const packageOf = (path: string): string | undefined => /^packages\/[^/]+/.exec(path)?.[0];

/** The rule that the import breaks. */
function brokenRule(found: Import): string | undefined {
  const { file, specifier, target } = found;
  if (!isOurs(found)) return isTestCode(file) ? undefined : brokenNpmRule(found);
  const entersPackage = packageOf(target) !== undefined && packageOf(target) !== packageOf(file);
  if (entersPackage && specifier.startsWith(".") && !/^(tests|bench)\//.test(file))
    return "packages are imported by name";
  if (isTestCode(target) && !isTestCode(file)) return "product code imports no test code";
  const [from, to] = [roomOf(file), roomOf(target)];
  if (!from || !to) return isTestCode(file) ? undefined : `the table has no room for ${from ? target : file}`;
  if (from.path === to.path || TABLE.get(from.row)?.includes(to.row)) return undefined;
  if (!isTestCode(file)) return `${from.path} may not import ${to.path}`;
  return ROWS.indexOf(from.row) < ROWS.indexOf(to.row) ? undefined : `tests of ${from.path} look only into lower rooms`;
}

test.each([
  ["components/cloud.ts", "../packages/content/ini/keys.ts"],
  ["packages/cli/git.ts", "../content/index.ts"],
  ["packages/content/manifest/manifest.ts", "@planet/cli"],
  ["packages/cli/verbs/status/statusCommand.ts", "../doctor/doctorCommand.ts"],
  ["packages/content/manifest/manifest.ts", "../testing/index.ts"],
  ["packages/content/manifest/manifest.ts", "@pulumi/pulumi"],
  ["userdata/render.ts", "@pulumi/aws/ec2/eip.js"],
  ["packages/eucalyptus-provider/resources/eip.ts", "@grpc/grpc-js"],
  ["packages/cli/git.ts", COMPUTED],
])("%s may not import %j", (file, specifier) => expect(brokenRule(importOf(file, specifier))).toBeDefined());

test("every import is allowed by the table", () => {
  const broken = imports.flatMap((found) => {
    const rule = brokenRule(found);
    return rule === undefined ? [] : [`${found.file} imports ${found.specifier}: ${rule}`];
  });
  expect(broken).toEqual([]);
});

test("every row and arrow of the table is needed by product code", () => {
  const arrows = imports
    .filter((found) => isOurs(found) && !isTestCode(found.file))
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
