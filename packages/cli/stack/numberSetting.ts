import { isDeepStrictEqual } from "node:util";
import { isCollection, isMap, isPair, isScalar, type ParsedNode } from "yaml";
import { record } from "../text/json.ts";
import { findEntry, parseYaml, replaceValue, StackFileError, splice, tryParseYaml, type YamlFile } from "./yamlFile.ts";

/** A whole number in a stack's file that only goes up, and is 1 where the file does not name it (so Pulumi.yaml). */
export interface NumberSetting {
  /** @param text Of Pulumi.<stack>.yaml. @throws {StackFileError} */
  readonly read: (text: string) => number;
  /** Changes that one number, or adds its line at the end of the settings; every other byte stays. @throws {StackFileError} */
  readonly set: (text: string, value: number) => string;
  /** What is the same in two files that differ by that number only. A file that cannot be read stays as it is. */
  readonly without: (text: string) => string;
}

const FIRST = 1;

/** @param key With its namespace, which may be left out in a stack's file. */
export function numberSetting(key: string): NumberSetting {
  const keys = [key, key.replace(/^planet:/, "")];
  return {
    read: (text) => numberIn(parseYaml(text), keys),
    set(text, value) {
      const before = parseYaml(text);
      numberIn(before, keys);
      const after = edit(text, before, keys, value);
      // YAML has more ways to write a file than an editor can foresee: an edit counts when it reads as what was wanted.
      if (readsAs(after, before, keys, value)) return after;
      throw notOneBelowTheOther(keys);
    },
    without(text) {
      const range = rangeOfEntry(text, keys);
      return (range ? splice(text, range, "") : text).trimEnd();
    },
  };
}

type Keys = readonly string[];

const notOneBelowTheOther = ([key = ""]: Keys): StackFileError =>
  new StackFileError({
    code: "SETTINGS_LAYOUT",
    what: `its settings are not one below the other; set ${key} there by hand`,
  });

function numberIn({ value }: YamlFile, keys: Keys): number {
  const settings = record(record(value).config);
  const key = keys.find((name) => Object.hasOwn(settings, name));
  if (key === undefined) return FIRST;
  const given = settings[key];
  const isWhole = Number.isSafeInteger(given) || (typeof given === "string" && /^-?\d+$/.test(given));
  if (isWhole) return Number(given);
  const what = `${key} is ${JSON.stringify(given)}; expected a whole number`;
  throw new StackFileError({ code: "NUMBER_MALFORMED", what });
}

function edit(text: string, { document }: YamlFile, keys: Keys, wanted: number): string {
  const newline = /^[^\n]*\r\n/.test(text) ? "\r\n" : "\n";
  const line = `${keys[0]}: ${wanted}`;
  const config = findEntry(document.contents, "config");
  if (!config) {
    const gap = text === "" || text.endsWith("\n") ? "" : newline;
    return `${text}${gap}config:${newline}  ${line}${newline}`;
  }
  const settings = config.value;
  const value = findEntry(settings, ...keys)?.value;
  if (value) {
    const [quote = ""] = /^["']/.exec(text.slice(value.range[0])) ?? [];
    return replaceValue(text, value, `${quote}${wanted}${quote}`);
  }
  if (!settings) throw notOneBelowTheOther(keys);
  if (isMap(settings) && !settings.flow) {
    return insertLine(text, endOf(settings), `${indentAt(text, settings.range[0])}${line}`, newline);
  }
  const isEmpty = isMap(settings) ? settings.items.length === 0 : isScalar(settings) && settings.value === null;
  if (!isEmpty) throw notOneBelowTheOther(keys);
  const [start, end] = settings.range;
  const kept = end === start ? text : text.slice(0, start).trimEnd() + text.slice(end);
  return insertLine(kept, Math.min(start, kept.length), `  ${line}`, newline);
}

/** Whether a text is what `before` was, but for its number. */
function readsAs(text: string, before: YamlFile, keys: Keys, wanted: number): boolean {
  const after = tryParseYaml(text);
  if (!after) return false;
  return isDeepStrictEqual([numberIn(after, keys), restOf(after, keys)], [wanted, restOf(before, keys)]);
}

function restOf({ value }: YamlFile, keys: Keys): unknown {
  const { config, ...others } = record(value);
  return { others, settings: Object.entries(record(config)).filter(([name]) => !keys.includes(name)) };
}

function rangeOfEntry(text: string, keys: Keys): [number, number] | undefined {
  const settings = findEntry(tryParseYaml(text)?.document.contents, "config")?.value;
  const entry = findEntry(settings, ...keys);
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
