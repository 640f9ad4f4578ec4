import { expect, test } from "@jest/globals";
import { COMPUTED, specifiersIn } from "./specifiers.ts";

test.each([
  "await import(`./a.ts`);",
  'import { a } from /* why */ "./a.ts";',
  'await import(/* why */ "./a.ts");',
  'export * as a from "./a.ts";',
  'const load = createRequire(import.meta.url);\nload("./a.ts");',
  'createRequire(import.meta.url)("./a.ts");',
  'require("./a.ts");',
  'import a = require("./a.ts");',
  'import { a } from "./a.ts";',
  'import type {\n  A,\n} from "./a.ts";',
  'import "./a.ts";',
  'export * from "./a.ts";',
  'const { a } = await import("./a.ts");',
  'type A = typeof import("./a.ts");',
])("the import in %j is found", (code) => expect(specifiersIn(code)).toEqual(["./a.ts"]));

test("a computed specifier is found, words in a text are not", () => {
  expect(specifiersIn("await import(folder + file);")).toEqual([COMPUTED]);
  expect(specifiersIn('const code = `import "./a.ts";`; // import "./b.ts"')).toEqual([]);
});
