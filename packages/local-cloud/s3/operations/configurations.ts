import type { XmlNode, XmlValue } from "../../wire/xml.ts";
import { invalidArgument, invalidBucketState, invalidTag, malformedXml, nothingConfigured } from "../errors.ts";
import type { Operation } from "../operation.ts";
import { ownBucketOf } from "../store.ts";
import { emptyAnswer, xmlAnswer } from "../xmlAnswer.ts";
import { isXml, nodesAt, type ParsedNode, parsedXml, parseXml, textAt } from "../xmlBody.ts";

/*
 * What a bucket keeps beside its objects: it is answered as it was given and has no effect here.
 * Source: Corymbia/eucalyptus `ObjectStorageGateway.java`; observed on Eucalyptus 5.1.0, 2026-11-28.
 */

const TAGS_LIMIT = 50;
const CORS_RULES_LIMIT = 100;
const LIFECYCLE_RULES_LIMIT = 1000;

export const getBucketTagging: Operation = {
  name: "GetBucketTagging",

  run(request) {
    const { tags, name } = ownBucketOf(request);
    if (!tags) throw nothingConfigured("NoSuchTagSet", "The TagSet does not exist", name);
    return xmlAnswer("Tagging", { TagSet: { Tag: tags.map(({ key, value }) => ({ Key: key, Value: value })) } });
  },
};

export const putBucketTagging: Operation = {
  name: "PutBucketTagging",

  run(request) {
    const bucket = ownBucketOf(request);
    const nodes = nodesAt(parseXml(request.body, "Tagging", malformedXml), "TagSet", "Tag");
    if (nodes.length === 0 || nodes.length > TAGS_LIMIT) throw malformedXml();
    const tags = nodes.map((node) => ({ key: textAt(node, "Key") ?? "", value: textAt(node, "Value") ?? "" }));
    if (tags.some(({ key, value }) => key === "" || value === "")) throw invalidTag();
    bucket.tags = tags;
    return emptyAnswer(204);
  },
};

export const deleteBucketTagging: Operation = {
  name: "DeleteBucketTagging",

  run(request) {
    delete ownBucketOf(request).tags;
    return emptyAnswer(204);
  },
};

export const getBucketCors: Operation = {
  name: "GetBucketCors",

  run(request) {
    const { corsRules, name } = ownBucketOf(request);
    if (!corsRules) throw nothingConfigured("NoSuchCORSConfiguration", "The CORS configuration does not exist.", name);
    return xmlAnswer("CORSConfiguration", { CORSRule: corsRules });
  },
};

export const putBucketCors: Operation = {
  name: "PutBucketCors",

  run(request) {
    const bucket = ownBucketOf(request);
    const rules = nodesAt(parseXml(request.body, "CORSConfiguration", malformedXml), "CORSRule");
    if (rules.length === 0 || rules.length > CORS_RULES_LIMIT) throw malformedXml();
    const incomplete = rules.find((rule) => !textAt(rule, "AllowedOrigin") || !textAt(rule, "AllowedMethod"));
    if (incomplete) throw invalidArgument(textAt(incomplete, "ID") ?? "", "Invalid CORS rule");
    bucket.corsRules = rules.map(elementsOf);
    return emptyAnswer(200);
  },
};

export const deleteBucketCors: Operation = {
  name: "DeleteBucketCors",

  run(request) {
    delete ownBucketOf(request).corsRules;
    return emptyAnswer(204);
  },
};

/** Not an error when there is none. */
export const getBucketLifecycle: Operation = {
  name: "GetBucketLifecycle",
  run: (request) => xmlAnswer("LifecycleConfiguration", { Rule: ownBucketOf(request).lifecycleRules ?? [] }),
};

/** Any XML is accepted: another root merely holds no rule. A rule's `Filter` is dropped. */
export const putBucketLifecycle: Operation = {
  name: "PutBucketLifecycle",

  run(request) {
    const bucket = ownBucketOf(request);
    if (!isXml(request.body)) throw malformedXml();
    const rules = nodesAt(parsedXml(request.body, "LifecycleConfiguration") ?? {}, "Rule");
    if (rules.length > LIFECYCLE_RULES_LIMIT) throw malformedXml();
    if (bucket.versioning !== undefined) throw invalidBucketState();
    bucket.lifecycleRules = rules.map(({ Filter: _, ...rule }) => elementsOf(rule));
    return emptyAnswer(200);
  },
};

export const deleteBucketLifecycle: Operation = {
  name: "DeleteBucketLifecycle",

  run(request) {
    delete ownBucketOf(request).lifecycleRules;
    return emptyAnswer(204);
  },
};

/** Elements with their texts; blanks between elements and attributes are left out. */
function elementsOf(node: ParsedNode): XmlNode {
  const names = Object.keys(node).filter((name) => name !== "#text");
  return Object.fromEntries(names.map((name) => [name, valueAt(node, name)]));
}

function valueAt(node: ParsedNode, name: string): XmlValue {
  const nodes = nodesAt(node, name);
  if (nodes.length > 0) return nodes.map(elementsOf);
  const value = node[name];
  return (Array.isArray(value) ? value : [value]).flatMap((one) => textAt({ one }, "one") ?? []);
}
