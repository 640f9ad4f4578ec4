import { headerOf } from "../../wire/target.ts";
import { CORS_METHODS } from "../configurationBodies.ts";
import { corsHeaders, matchingRule } from "../cors.ts";
import { corsForbidden, preflightIncomplete } from "../errors.ts";
import type { Operation } from "../operation.ts";
import { bucketOf } from "../store.ts";
import { emptyAnswer } from "../xmlAnswer.ts";

/** A browser asks for nobody: no signature is wanted, and the object need not exist. Source: Corymbia/eucalyptus `ObjectStorageGateway.java`. */
export const preflightCors: Operation = {
  name: "PreflightCors",

  run(request) {
    const bucket = bucketOf(request);
    const given = (name: string) => headerOf(request.head, name);
    const origin = given("origin");
    if (!origin) throw preflightIncomplete("Insufficient information. Origin request header needed.");
    const method = given("access-control-request-method");
    if (method === undefined || !CORS_METHODS.includes(method)) {
      throw preflightIncomplete(`Invalid Access-Control-Request-Method: ${method ?? "null"}`);
    }
    if (!bucket.corsRules) throw corsForbidden("CORS is not enabled for this bucket.");
    const names = given("access-control-request-headers");
    const headers = names === undefined ? [] : names.split(",").map((name) => name.trim());
    const match = matchingRule(bucket, { origin, method, headers });
    if (!match) {
      throw corsForbidden(
        "This CORS request is not allowed. This is usually because the evaluation of Origin, request method / " +
          "Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.",
      );
    }
    return emptyAnswer(200, {
      ...corsHeaders(match, origin),
      ...(headers.length > 0 && { "Access-Control-Allow-Headers": headers.join(", ") }),
    });
  },
};
