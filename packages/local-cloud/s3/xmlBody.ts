import { XMLParser, XMLValidator } from "fast-xml-parser";
import type { S3Error } from "./errors.ts";

export interface ParsedNode {
  readonly [name: string]: unknown;
}

const parser = new XMLParser({
  removeNSPrefix: true,
  parseTagValue: false,
  ignoreAttributes: true,
  processEntities: true,
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

/** The parser throws on what the validator lets pass, e.g. an entity that grows without end. */
function documentOf(text: string): unknown {
  try {
    return XMLValidator.validate(text) === true ? parser.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

/** Text of the first element on that path. */
export function textAt(node: ParsedNode, ...path: readonly string[]): string | undefined {
  const [value] = valuesAt(node, path);
  return typeof value === "string" ? value : undefined;
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
