import { ExplainedError, messageOf } from "@planet/errors";
import { type Document, isMap, isScalar, type Pair, type ParsedNode, parseDocument } from "yaml";

/** A Pulumi.yaml or Pulumi.<stack>.yaml is not written as this program can read or edit it. */
export class StackFileError extends ExplainedError {}

/** A key and its value; both know their place in the text, so that an edit can leave every other byte alone. */
export type Entry = Pair<ParsedNode, ParsedNode | null>;

export interface YamlFile {
  readonly document: Document.Parsed;
  /** The same as plain values; null for an empty file. */
  readonly value: unknown;
}

/** @throws {StackFileError} when the text is not YAML. */
export function parseYaml(text: string): YamlFile {
  const document = parseDocument(text, { merge: true });
  const [fault] = document.errors;
  if (fault) throw notYaml(fault);
  try {
    return { document, value: document.toJS() };
  } catch (error) {
    throw notYaml(error); // an alias of nothing
  }
}

/** The same; undefined when the text is not YAML. */
export function tryParseYaml(text: string): YamlFile | undefined {
  try {
    return parseYaml(text);
  } catch (error) {
    if (error instanceof StackFileError) return undefined;
    throw error;
  }
}

function notYaml(cause: unknown): StackFileError {
  const [reason = ""] = messageOf(cause).split("\n");
  return new StackFileError({ code: "NOT_YAML", what: `it is not YAML: ${reason.replace(/:$/, "")}` }, { cause });
}

/** The first entry of a map with one of these keys. */
export function findEntry(map: ParsedNode | null | undefined, ...keys: string[]): Entry | undefined {
  if (!isMap<ParsedNode, ParsedNode | null>(map)) return undefined;
  return map.items.find(({ key }) => isScalar(key) && keys.includes(String(key.value)));
}

/** The text with `into` in place of what is between two offsets. */
export function splice(text: string, [start, end]: readonly [number, number], into: string): string {
  return text.slice(0, start) + into + text.slice(end);
}

/** The text with `into` in place of one value. A block of text takes the line end behind it along; that stays. */
export function replaceValue(text: string, { range: [start, end] }: ParsedNode, into: string): string {
  const [lineEnd = ""] = /\r?\n$/.exec(text.slice(start, end)) ?? [];
  return splice(text, [start, end], into + lineEnd);
}
