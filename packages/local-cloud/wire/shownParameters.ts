import type { Parameter } from "./target.ts";

/** Opaque to the cloud, so anything may be in them. */
const HIDDEN = /^(?:UserData|AdditionalInfo|PublicKeyMaterial)$|secret|password|token|signature|credential/i;
/** An idempotency token is no secret. */
const SHOWN = /^ClientToken$/;

const VALUE_LIMIT = 80;
const LIMIT = 400;

/** A request's parameters for a log: of what may be secret only its length, nothing long. */
export function shownParameters(parameters: Iterable<Parameter>): string {
  const pairs = [...parameters].map(([name, value]) => {
    if (HIDDEN.test(name) && !SHOWN.test(name)) return `${name}=(${value.length} characters)`;
    return value === "" ? name : `${name}=${cut(value, VALUE_LIMIT)}`;
  });
  return cut(pairs.join(" "), LIMIT);
}

const cut = (text: string, limit: number): string => (text.length > limit ? `${text.slice(0, limit)}…` : text);
