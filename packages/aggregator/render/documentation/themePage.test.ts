import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { expectParts, type Field, interfaceFields, markdownTable } from "@planet/content/testing";
import { classicScope } from "../classic/classicScope.ts";
import type { Scope } from "../classic/htmlTemplate.ts";
import { renderPage, siteFiles } from "../siteFiles.ts";
import { languageOf } from "../words/languages.ts";
import { CHANNEL_VARIABLES, ITEM_VARIABLES, PAGE_VARIABLES } from "./testing/classicFacts.ts";
import { sampleFacts } from "./testing/sampleFacts.ts";

const PAGE = new URL("../../../../docs/theme.md", import.meta.url);
const models = interfaceFields(new URL("../types.ts", import.meta.url));
const facts = sampleFacts();

/** `ItemModel` is called `item` on the page. */
const wordOf = (model: string): string => model.replace(/Model$/, "").toLowerCase();

/** A type in the words of people who write templates. */
function typeInWords(type: string): string {
  const list = /^readonly (.+)\[\]$/.exec(type)?.[1];
  if (list !== undefined) return `list of ${typeInWords(list)}`;
  if (type.endsWith(" | null")) return `${typeInWords(type.slice(0, -" | null".length))}, or nothing`;
  if (models.has(type)) return `[${wordOf(type)}](#${wordOf(type)})`;
  const words: Readonly<Record<string, string>> = {
    string: "text",
    CleanHtml: "HTML",
    number: "number",
    "Readonly<Record<string, string>>": "text by key",
    PageWords: "text by key",
  };
  const word = words[type];
  if (word === undefined) throw new Error(`no words for the type ${type}`);
  return word;
}

function modelTable(fields: readonly Field[]): string {
  const rows = fields.map(({ name, type, meaning }) => [`\`${name}\``, typeInWords(type), meaning]);
  return markdownTable(["variable", "is", "meaning"], rows);
}

/** A date's companions have their words in the row of the date. */
function classicTable(variables: Readonly<Record<string, string>>): string {
  const names = Object.keys(variables);
  const rows = Object.entries(variables).flatMap(([name, meaning]) => {
    if (meaning === "") return [];
    const companions = names.filter((other) => variables[other] === "" && other.startsWith(`${name}_`));
    return [[[name, ...companions].map((each) => `\`${each}\``).join(" "), meaning]];
  });
  return markdownTable(["variable", "meaning"], rows);
}

/** The words with the English ones. */
function wordTable(): string {
  const meanings = interfaceFields(new URL("../words/types.ts", import.meta.url)).get("PageWords") ?? [];
  const english = new Map(Object.entries(languageOf("en").words));
  return markdownTable(
    ["word", "in English", "meaning"],
    meanings.map(({ name, meaning }) => [`\`${name}\``, english.get(name) ?? "", meaning]),
  );
}

/** The files that the page shows, by name: a comment with the name stands before each. */
function shownFiles(): ReadonlyMap<string, Uint8Array> {
  const blocks = readFileSync(PAGE, "utf8").matchAll(/<!-- site\/(\S+) -->\n```\w+\n([\s\S]*?)```/g);
  return new Map([...blocks].map(([, name = "", text = ""]) => [name, Buffer.from(text)]));
}

async function rendered(name: string): Promise<string> {
  const files = await siteFiles(facts, shownFiles(), async (page) => renderPage(page));
  return `\`\`\`html\n${Buffer.from(files.get(name) ?? "").toString("utf8")}\`\`\`\n`;
}

function rows(scope: Scope, loop: string): readonly Scope[] {
  const value = scope.get(loop);
  if (value === undefined || typeof value === "string") throw new Error(`${loop} is not a loop`);
  return value;
}

describe("docs/theme.md (proves names and examples; not that a page looks well)", () => {
  test("has the variables of the model and what its examples give (UPDATE_GOLDEN=1 rewrites them)", async () => {
    const tables = [...models].map(([model, fields]) => [wordOf(model), modelTable(fields)] as const);
    expectParts(PAGE, {
      ...Object.fromEntries(tables),
      words: wordTable(),
      "classic page": classicTable(PAGE_VARIABLES),
      "classic items": classicTable(ITEM_VARIABLES),
      "classic channels": classicTable(CHANNEL_VARIABLES),
      "index.html": await rendered("index.html"),
      "list.html": await rendered("list.html"),
    });
  });

  test("every variable of the model says what it means", () => {
    const silent = [...models].flatMap(([model, fields]) =>
      fields.flatMap(({ name, meaning }) => (meaning === "" ? [`${model}.${name}`] : [])),
    );
    expect(silent).toEqual([]);
  });

  test("the classic variables are those of the scope", () => {
    const scope = classicScope(facts.page, facts.ownerEmail, "index.html");
    const [item] = rows(scope, "items");
    const jane = rows(scope, "channels").find((channel) => channel.get("name") === "Jane & Son");
    const own = Object.keys(facts.page.items[0]?.channel.values ?? {});
    const channelNames = [...(jane?.keys() ?? [])].filter((name) => name in CHANNEL_VARIABLES || !own.includes(name));
    expect([...scope.keys()].sort()).toEqual(Object.keys(PAGE_VARIABLES).sort());
    expect([...channelNames].sort()).toEqual(Object.keys(CHANNEL_VARIABLES).sort());
    expect([...(item?.keys() ?? [])].filter((name) => !name.startsWith("channel_")).sort()).toEqual(
      Object.keys(ITEM_VARIABLES).sort(),
    );
  });
});
