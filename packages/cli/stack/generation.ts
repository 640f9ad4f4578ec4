import { isDeepStrictEqual } from "node:util";
import { isCollection, isMap, isPair, isScalar, type ParsedNode } from "yaml";
import { record } from "../text/json.ts";
import { findEntry, parseYaml, replaceValue, StackFileError, splice, tryParseYaml, type YamlFile } from "./yamlFile.ts";

export { StackFileError };

/** What a stack has whose file does not name it (Pulumi.yaml, `planet:generation`). */
const FIRST_GENERATION = 1;

/** The namespace may be left out in a stack's file. */
const KEYS = ["planet:generation", "generation"];

const notOneBelowTheOther = (): StackFileError =>
  new StackFileError({
    code: "SETTINGS_LAYOUT",
    what: "its settings are not one below the other; set planet:generation there by hand",
  });

/** @param text Of Pulumi.<stack>.yaml. @throws {StackFileError} */
export function readGeneration(text: string): number {
  return generationIn(parseYaml(text));
}

/** Changes that one number, or adds its line at the end of the settings; every other byte stays. @throws {StackFileError} */
export function setGeneration(text: string, generation: number): string {
  const before = parseYaml(text);
  generationIn(before);
  const after = edit(text, before, generation);
  // YAML has more ways to write a file than an editor can foresee: an edit counts when it reads as what was wanted.
  if (readsAs(after, before, generation)) return after;
  throw notOneBelowTheOther();
}

export const differOnlyInGeneration = (one: string, other: string): boolean =>
  withoutGeneration(one) === withoutGeneration(other);

/** What is the same in two files that differ by generation only. A file that cannot be read stays as it is. */
export function withoutGeneration(text: string): string {
  const range = rangeOfEntry(text);
  return (range ? splice(text, range, "") : text).trimEnd();
}

function generationIn({ value }: YamlFile): number {
  const settings = record(record(value).config);
  const key = KEYS.find((name) => Object.hasOwn(settings, name));
  if (key === undefined) return FIRST_GENERATION;
  const given = settings[key];
  const isWhole = Number.isSafeInteger(given) || (typeof given === "string" && /^-?\d+$/.test(given));
  if (isWhole) return Number(given);
  const what = `${key} is ${JSON.stringify(given)}; expected a whole number`;
  throw new StackFileError({ code: "GENERATION_MALFORMED", what });
}

function edit(text: string, { document }: YamlFile, generation: number): string {
  const newline = /^[^\n]*\r\n/.test(text) ? "\r\n" : "\n";
  const line = `planet:generation: ${generation}`;
  const config = findEntry(document.contents, "config");
  if (!config) {
    const gap = text === "" || text.endsWith("\n") ? "" : newline;
    return `${text}${gap}config:${newline}  ${line}${newline}`;
  }
  const settings = config.value;
  const value = findEntry(settings, ...KEYS)?.value;
  if (value) {
    const [quote = ""] = /^["']/.exec(text.slice(value.range[0])) ?? [];
    return replaceValue(text, value, `${quote}${generation}${quote}`);
  }
  if (!settings) throw notOneBelowTheOther();
  if (isMap(settings) && !settings.flow) {
    return insertLine(text, endOf(settings), `${indentAt(text, settings.range[0])}${line}`, newline);
  }
  const isEmpty = isMap(settings) ? settings.items.length === 0 : isScalar(settings) && settings.value === null;
  if (!isEmpty) throw notOneBelowTheOther();
  const [start, end] = settings.range;
  const kept = end === start ? text : text.slice(0, start).trimEnd() + text.slice(end);
  return insertLine(kept, Math.min(start, kept.length), `  ${line}`, newline);
}

/** Whether a text is what `before` was, but for its generation. */
function readsAs(text: string, before: YamlFile, generation: number): boolean {
  const after = tryParseYaml(text);
  if (!after) return false;
  return isDeepStrictEqual([generationIn(after), restOf(after)], [generation, restOf(before)]);
}

function restOf({ value }: YamlFile): unknown {
  const { config, ...others } = record(value);
  return { others, settings: Object.entries(record(config)).filter(([name]) => !KEYS.includes(name)) };
}

function rangeOfEntry(text: string): [number, number] | undefined {
  const settings = findEntry(tryParseYaml(text)?.document.contents, "config")?.value;
  const entry = findEntry(settings, ...KEYS);
  if (!entry?.value) return undefined;
  const [start, end] = [entry.key.range[0], entry.value.range[1]];
  if (isMap(settings) && settings.flow) return [start, end];
  return [text.lastIndexOf("\n", start) + 1, lineEnd(text, end)];
}

/** Where the last value in it ends; comments behind a block belong to nobody. */
function endOf(node: ParsedNode): number {
  const last: unknown = isCollection(node) && !node.flow ? node.items.at(-1) : undefined;
  if (last === undefined) return node.range[1];
  return endOf((isPair(last) ? (last.value ?? last.key) : last) as ParsedNode);
}

const indentAt = (text: string, at: number): string =>
  /^ */.exec(text.slice(text.lastIndexOf("\n", at) + 1))?.[0] ?? "";

/** Below the line that has this offset; a literal block ends behind its last line. */
function insertLine(text: string, at: number, line: string, newline: string): string {
  const end = text[at - 1] === "\n" ? at : lineEnd(text, at);
  const isOpen = end > 0 && text[end - 1] !== "\n";
  return splice(text, [end, end], isOpen ? `${newline}${line}` : `${line}${newline}`);
}

/** Behind the line's end, or at the end of the text. */
function lineEnd(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end === -1 ? text.length : end + 1;
}
