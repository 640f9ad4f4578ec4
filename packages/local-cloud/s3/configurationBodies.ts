import type { XmlNode } from "../wire/xml.ts";
import { corsMethodUnsupported, invalidArgument, invalidTag, malformedXml } from "./errors.ts";
import { elementsAnywhere, elementsAt, type ParsedNode, parsedXml, textAt } from "./xmlBody.ts";

/* What the bodies of a bucket's configurations say. Source: Corymbia/eucalyptus `ObjectStorageRESTBinding.java`, `ObjectStorageGateway.java`. */

/** @throws {S3Error} `MalformedXML` without one set, `InvalidTagError` */
export function tagsIn(body: Buffer): { key: string; value: string }[] {
  if (body.length === 0) return [];
  const document = parsedXml(body) ?? {};
  if (elementsAnywhere(document, "Tagging", "TagSet").length !== 1) throw malformedXml("/Tagging/TagSet");
  const tags = elementsAnywhere(document, "Tagging", "TagSet", "Tag");
  return tags.map((node) => {
    const [key, value] = [textAt(node, "Key"), textAt(node, "Value")];
    if (!isTagText(key, 128) || !isTagText(value, 256)) throw invalidTag();
    return { key, value };
  });
}

/** The signs from `+` to `=` are a range: digits and `,-./:;<` are among them. */
const isTagText = (text: string, limit: number): boolean =>
  text.length <= limit && !text.startsWith(" ") && /^[a-zA-Z0-9\s+-=._:]+$/.test(text);

const CORS_ELEMENTS = ["ID", "AllowedOrigin", "AllowedMethod", "AllowedHeader", "MaxAgeSeconds", "ExposeHeader"];
export const CORS_METHODS = ["GET", "PUT", "POST", "DELETE", "HEAD"];

/** @throws {S3Error} `MalformedXML`, `InvalidRequest` on a method that is none of them */
export function corsRulesIn(body: Buffer): ParsedNode[] {
  if (body.length === 0) return [];
  const document = parsedXml(body);
  if (!document) throw malformedXml("/CORSConfiguration/CORSRule");
  const rules = elementsAnywhere(document, "CORSConfiguration", "CORSRule");
  const wrong = rules
    .flatMap((rule) => textsAt(rule, "AllowedMethod"))
    .find((method) => !CORS_METHODS.includes(method));
  if (wrong !== undefined) throw corsMethodUnsupported(wrong);
  return rules;
}

/** @throws {S3Error} `InvalidArgument` */
export function storedCorsRules(rules: readonly ParsedNode[]): XmlNode[] {
  const seen = new Set<string>();
  for (const rule of rules) {
    const id = textAt(rule, "ID");
    const wrong = (what: string) => invalidArgument(id, `Invalid CORS rule: ${what}`);
    if (textsAt(rule, "AllowedOrigin").length === 0) throw wrong("At least one AllowedOrigin is required");
    if (textsAt(rule, "AllowedMethod").length === 0) throw wrong("At least one AllowedMethod is required");
    if (id.length > 255) throw wrong("CORS RuleId > 255 characters");
    if (seen.has(id)) throw wrong(`RuleId must be unique. Saw this rule more than once: ${id}`);
    if (id !== "") seen.add(id);
  }
  return rules.map((rule) => elementsOf(rule, CORS_ELEMENTS));
}

/** All that is read of a rule: its `Filter` is dropped. */
const LIFECYCLE_ELEMENTS = ["ID", "Prefix", "Status", "Expiration", "Transition"];

/** @throws {S3Error} `MalformedXML` */
export function lifecycleRulesIn(body: Buffer): XmlNode[] {
  if (body.length === 0) return [];
  const document = parsedXml(body);
  if (!document) throw malformedXml("/LifecycleConfiguration/Rule");
  return elementsAnywhere(document, "LifecycleConfiguration", "Rule").map((rule) => {
    for (const name of ["Transition", "Expiration"]) checkTime(rule, name);
    return elementsOf(rule, LIFECYCLE_ELEMENTS);
  });
}

function checkTime(rule: ParsedNode, name: string): void {
  const [days, date] = [textAt(rule, name, "Days"), textAt(rule, name, "Date")];
  if (days !== "" && !/^[+-]?\d{1,9}$/.test(days)) throw malformedXml("LifecycleRule");
  if (days === "" && date !== "" && !/^\d{4}-\d\d-\d\d(?:T|$)/.test(date))
    throw malformedXml("Expiration|Transition Date");
}

const textsAt = (node: ParsedNode, name: string): string[] => {
  const value = node[name];
  return value === undefined ? [] : [value].flat().map((one) => textAt({ one: one as string }, "one"));
};

/** The named children with their texts, or with all that is in them. */
function elementsOf(node: ParsedNode, names: readonly string[]): XmlNode {
  const given = names.filter((name) => Object.hasOwn(node, name));
  return Object.fromEntries(
    given.map((name) => {
      const below = elementsAt(node, name).filter((child) => Object.keys(child).length > 0);
      const children = below.map((child) =>
        elementsOf(
          child,
          Object.keys(child).filter((key) => key !== "#text"),
        ),
      );
      return [name, below.length > 0 ? children : textsAt(node, name)];
    }),
  );
}
