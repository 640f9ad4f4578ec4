import { XMLParser, XMLValidator } from "fast-xml-parser";

/** An element's children by name, or its text. */
type ParsedValue = string | ParsedNode | readonly ParsedValue[];
export interface ParsedNode {
  readonly [name: string]: ParsedValue;
}

/*
 * Read as the cloud's `XMLParser.java` does: names with their prefix, as they are written, and searched for at any depth where it
 * says `//`. What is not XML has nothing.
 */

const parser = new XMLParser({
  parseTagValue: false,
  ignoreAttributes: true,
  trimValues: false, // a key may begin with a blank
  processEntities: false, // the parser knows the five names alone: decoded() does them and the numbers
});

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are exactly what XML 1.0 cannot hold
const NO_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

/** The node above the root; `undefined` when it is not XML. */
export function parsedXml(body: Buffer): ParsedNode | undefined {
  const text = body.toString("utf8");
  try {
    const document: unknown = !NO_XML.test(text) && XMLValidator.validate(text) === true && parser.parse(text);
    return isNode(document) ? document : undefined;
  } catch {
    return undefined; // the parser throws on what the validator lets pass
  }
}

/** Text of the first element on that path, empty when there is none; what other elements hold is no text. */
export function textAt(node: ParsedNode, ...path: readonly string[]): string {
  const [value] = valuesAt(node, path);
  return typeof value === "string" ? decoded(value) : "";
}

/** All elements on that path below the node. */
export function elementsAt(node: ParsedNode, ...path: readonly string[]): ParsedNode[] {
  return valuesAt(node, path).map(asNode);
}

/** `//first/second`: the elements on that path, wherever it begins. */
export function elementsAnywhere(document: ParsedNode, first: string, ...path: readonly string[]): ParsedNode[] {
  const starts = everyNode(document).flatMap((node) => valuesAt(node, [first]));
  return starts.filter(isNode).flatMap((start) => elementsAt(start, ...path));
}

/** `//first`: the text of the first such element, wherever it is. */
export function textAnywhere(document: ParsedNode, first: string, ...path: readonly string[]): string {
  const holder = everyNode(document).find((node) => valuesAt(node, [first, ...path]).length > 0);
  return holder ? textAt(holder, first, ...path) : "";
}

function everyNode(node: ParsedNode): ParsedNode[] {
  const below = Object.values(node).flatMap((value) => [value].flat() as ParsedValue[]);
  return [node, ...below.filter(isNode).flatMap(everyNode)];
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

function valuesAt(node: ParsedNode, path: readonly string[]): ParsedValue[] {
  return path.reduce<ParsedValue[]>(
    (values, name) =>
      values
        .filter(isNode)
        .flatMap((value) => (Object.hasOwn(value, name) ? ([value[name]].flat() as ParsedValue[]) : [])),
    [node],
  );
}

/** An element without children is its text. */
const asNode = (value: ParsedValue): ParsedNode => (isNode(value) ? value : {});

function isNode(value: unknown): value is ParsedNode {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
