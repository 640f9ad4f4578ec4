import type { Change } from "./change.ts";
import type { Line } from "./line.ts";
import {
  addressItems,
  editItems,
  feedItems,
  fileItems,
  footerOf,
  headlineOf,
  otherItems,
  serverItems,
} from "./words.ts";

/** What is said about a change, in order of weight. The renderers only decide how it looks. */
export interface Report {
  readonly stack: string;
  readonly headline: Line;
  readonly blocks: readonly Block[];
  /** How to go on and how to go back. */
  readonly footer: readonly Line[];
}

export type Block = ListBlock | CodeBlock;

interface ListBlock {
  readonly kind: "list";
  readonly title: string;
  readonly items: readonly Line[];
}

/** Text of others, shown line by line as it is. */
interface CodeBlock {
  readonly kind: "code";
  readonly title: Line;
  readonly language: "diff" | "text";
  readonly lines: readonly string[];
  readonly folded: boolean;
}

/** Longer lines are of no use to a reader, and one of them would push out everything else. */
const LINE_LIMIT = 400;

/** @param change Already cleansed of secrets and control characters. */
export function reportOf(change: Change): Report {
  const { stack, verdict, problems, warnings, server } = change;
  const blocks: Block[] = [
    ...problems.map((text) => code([verdict === "failed" ? "What it said" : "Why it is refused"], "text", text)),
    ...texts("Warnings", warnings),
    ...list("Feeds", feedItems(change)),
    ...list("Server", serverItems(change)),
    ...list("Address", addressItems(change)),
    ...list("Edits in the bucket", editItems(change)),
    ...list("Files", fileItems(change)),
    ...list("Also", otherItems(change)),
    ...fileDiffs(change),
  ];
  const userData = server?.userDataDiff;
  if (userData !== undefined) blocks.push({ ...code(["User-data of the server"], "diff", userData), folded: true });
  return { stack, headline: headlineOf(change), blocks, footer: footerOf(change) };
}

/** A new file is all plus signs: folded, and left out where everything is new. */
function fileDiffs({ files, server }: Change): Block[] {
  const shown = server?.kind === "first" ? files.filter(({ kind }) => kind === "changed") : files;
  return shown.flatMap(({ name, kind, diff }) => {
    return diff === undefined ? [] : [{ ...code([{ quoted: name }], "diff", diff), folded: kind !== "changed" }];
  });
}

function list(title: string, items: readonly Line[]): Block[] {
  return items.length > 0 ? [{ kind: "list", title, items }] : [];
}

/** Short ones are items of a list, those of several lines keep their lines. */
function texts(title: string, all: readonly string[]): Block[] {
  const [short, long] = [all.filter((text) => !text.includes("\n")), all.filter((text) => text.includes("\n"))];
  const items = short.map((text): Line => [{ quoted: cut(text) }]);
  return [...list(title, items), ...long.map((text) => code([title], "text", text))];
}

function code(title: Line, language: CodeBlock["language"], text: string): CodeBlock {
  const lines = text.split("\n").map(cut);
  return { kind: "code", title, language, lines, folded: false };
}

function cut(text: string): string {
  const plain = text.replaceAll("\r", "");
  if (plain.length <= LINE_LIMIT) return plain;
  return `${plain.slice(0, LINE_LIMIT).replace(/[\ud800-\udbff]$/, "")}…`;
}
