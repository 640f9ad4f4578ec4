import { corsRulesIn, lifecycleRulesIn, storedCorsRules, tagsIn } from "../configurationBodies.ts";
import { invalidBucketState, malformedXml, nothingConfigured } from "../errors.ts";
import type { Operation } from "../operation.ts";
import { ownBucketOf } from "../store.ts";
import { emptyAnswer, xmlAnswer } from "../xmlAnswer.ts";

/*
 * What a bucket keeps beside its objects: it is answered as it was given and has no effect here. A body is read before
 * anybody looks whether there is such a bucket.
 * Source: Corymbia/eucalyptus `ObjectStorageRESTBinding.java`, `ObjectStorageGateway.java`; observed on Eucalyptus 5.1.0, 2026-11-28.
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
    const tags = tagsIn(request.body);
    const bucket = ownBucketOf(request);
    if (tags.length === 0 || tags.length > TAGS_LIMIT) throw malformedXml(bucket.name);
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
    const rules = corsRulesIn(request.body);
    const bucket = ownBucketOf(request);
    if (rules.length === 0) throw malformedXml(null, "No CORS rules found in CORS configuration in request");
    if (rules.length > CORS_RULES_LIMIT) {
      const message = `${rules.length}CORS rules are more than the allowed ${CORS_RULES_LIMIT} rules in a CORS configuration`;
      throw malformedXml(bucket.name, message);
    }
    bucket.corsRules = storedCorsRules(rules);
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

/** Any XML is accepted: another root merely holds no rule. The same ID twice is not found out. */
export const putBucketLifecycle: Operation = {
  name: "PutBucketLifecycle",

  run(request) {
    const rules = lifecycleRulesIn(request.body);
    const bucket = ownBucketOf(request);
    if (rules.length > LIFECYCLE_RULES_LIMIT) throw malformedXml(bucket.name);
    if (bucket.versioning !== undefined) throw invalidBucketState();
    bucket.lifecycleRules = rules;
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
