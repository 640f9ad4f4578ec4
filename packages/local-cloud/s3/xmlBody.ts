import { XMLParser, XMLValidator } from "fast-xml-parser";
import type { S3Error } from "./errors.ts";

export interface ParsedNode {
  readonly [name: string]: unknown;
}

const parser = new XMLParser({
  removeNSPrefix: true,
  parseTagValue: false,
  ignoreAttributes: true,
  trimValues: false, // a key may begin with a blank
  processEntities: false, // the parser knows the five names alone: decoded() does them and the numbers
});

/** The root element's content. @throws what `refusal` makes, when it is not XML or has another root. */
export function parseXml(body: Buffer, root: string, refusal: () => S3Error): ParsedNode {
  const content = parsedXml(body, root);
  if (!content) throw refusal();
  return content;
}

/** The root element's content; `undefined` when it is not XML or has another root. */
export function parsedXml(body: Buffer, root: string): ParsedNode | undefined {
  const document = documentOf(body.toString("utf8"));
  if (!isNode(document) || !Object.hasOwn(document, root)) return undefined;
  const content = document[root];
  return isNode(content) ? content : {};
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are exactly what XML 1.0 cannot hold
const NO_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

export const isXml = (body: Buffer): boolean => documentOf(body.toString("utf8")) !== undefined;

/** The parser throws on what the validator lets pass. */
function documentOf(text: string): unknown {
  try {
    return !NO_XML.test(text) && XMLValidator.validate(text) === true ? parser.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

/** Text of the first element on that path. */
export function textAt(node: ParsedNode, ...path: readonly string[]): string | undefined {
  const [value] = valuesAt(node, path);
  return typeof value === "string" ? decoded(value) : undefined;
}

const NAMED: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** Clients write `&#34;` around ETags (Go) and `&#xD;` in keys. What is no reference of XML stays. */
function decoded(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(\w+));/g, (all, decimal, hex, name) => {
    if (name !== undefined) return NAMED[name] ?? all;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : all;
  });
}

/** All elements on that path, also when there is one. */
export function nodesAt(node: ParsedNode, ...path: readonly string[]): ParsedNode[] {
  return valuesAt(node, path).filter(isNode);
}

function valuesAt(node: ParsedNode, path: readonly string[]): unknown[] {
  return path.reduce<unknown[]>(
    (values, name) => values.filter(isNode).flatMap((value) => (Object.hasOwn(value, name) ? value[name] : [])),
    [node],
  );
}

function isNode(value: unknown): value is ParsedNode {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
