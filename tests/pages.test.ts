import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "@jest/globals";

// Proves that the pages lead where they say; not that what they say is true.

const CHECKOUT = fileURLToPath(new URL("..", import.meta.url));
const inFolder = (folder: string): string[] =>
  readdirSync(path.join(CHECKOUT, folder))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `${folder}/${name}`);

const DOCS = inFolder("docs");
const DECISIONS = inFolder("docs/decisions");
/** Each package has one. */
const READMES = ["bench", ...readdirSync(path.join(CHECKOUT, "packages")).map((name) => `packages/${name}`)].map(
  (folder) => `${folder}/README.md`,
);
const PAGES = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", ...DOCS, ...DECISIONS, ...READMES];

const textOf = (page: string): string => readFileSync(path.join(CHECKOUT, page), "utf8");
/** Links and headings inside code do not count. */
const proseOf = (page: string): string => textOf(page).replace(/^(`{3,})[\s\S]*?^\1$/gm, "");
const linksOf = (page: string): string[] =>
  [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = ""]) => target)
    .filter((target) => !target.includes("://"));

/** As GitHub makes them from headings. */
function anchorsOf(page: string): string[] {
  const headings = [...proseOf(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => heading);
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

function isDead(page: string, link: string): boolean {
  const [file = "", anchor] = link.split("#");
  const target = file === "" ? page : path.join(path.dirname(page), file);
  if (!existsSync(path.join(CHECKOUT, target))) return true;
  return anchor !== undefined && !anchorsOf(target).includes(anchor);
}

test.each(PAGES)("the links of %s lead to files and headings that exist", (page) => {
  expect(linksOf(page).filter((link) => isDead(page, link))).toEqual([]);
});

describe("indexes", () => {
  test("docs/README.md has a line for each page", () => {
    const linked = linksOf("docs/README.md");
    const names = DOCS.map((page) => path.basename(page)).filter((name) => name !== "README.md");
    expect(names.filter((name) => !linked.includes(name))).toEqual([]);
  });

  test("docs/decisions/README.md has a line for each decision", () => {
    const names = DECISIONS.map((page) => path.basename(page)).filter((name) => name !== "README.md");
    expect(names.filter((name) => !linksOf("docs/decisions/README.md").includes(name))).toEqual([]);
  });
});

/** Without what runs make. */
const entriesOf = (folder: string): string[] =>
  readdirSync(path.join(CHECKOUT, folder)).filter((name) => name !== ".planet" && name !== "node_modules");
/** Where a page's places begin: at the top of the repository, in a package's page also at the package. */
const startsOf = (page: string): string[] => (READMES.includes(page) ? ["", path.dirname(page)] : [""]);
/** Examples of what an editor may put there. */
const isTemplate = (place: string): boolean => /^site\/.+\.(liquid|tmpl)$/.test(place);

/** Files and folders as code: `packages/cli/main.ts`, in a package's page also `verbs/` and `main.ts`. */
function placesOf(page: string): string[] {
  const places = [...proseOf(page).matchAll(/`([\w.-]+(?:\/[\w.-]*)+|[\w-]+(?:\.test)?\.ts)`/g)].map(
    ([, place = ""]) => place,
  );
  const known = startsOf(page).flatMap(entriesOf);
  return places.filter((place) =>
    place.includes("/") ? known.includes(place.split("/")[0] ?? "") : READMES.includes(page),
  );
}

const isThere = (page: string, place: string): boolean =>
  startsOf(page).some((start) => existsSync(path.join(CHECKOUT, start, place)));

/** A changelog also names what is gone. */
test.each(PAGES.filter((page) => page !== "CHANGELOG.md"))("the places that %s names exist", (page) => {
  expect(placesOf(page).filter((place) => !isThere(page, place) && !isTemplate(place))).toEqual([]);
});
