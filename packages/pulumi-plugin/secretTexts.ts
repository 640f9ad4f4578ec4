import { containsSecret, isMap, isUnknown, Secret, type Value } from "./values.ts";

/** A shorter text is part of too many others to be looked for inside them. */
const LONG = 4;

/** All texts that a value marks as secret. */
export function secretTexts(value: Value | undefined): Set<string> {
  const texts = new Set<string>();
  walk(value, false, (text, isSecret) => void (isSecret && texts.add(text)));
  return texts;
}

/** All texts that a value shows to everybody. */
export function openTexts(value: Value | undefined): Set<string> {
  const texts = new Set<string>();
  walk(value, false, (text, isSecret) => void (isSecret || texts.add(text)));
  return texts;
}

function walk(value: Value | undefined, isSecret: boolean, found: (text: string, isSecret: boolean) => void): void {
  if (value instanceof Secret) walk(value.value, true, found);
  else if (Array.isArray(value)) for (const item of value) walk(item, isSecret, found);
  else if (isMap(value)) for (const item of Object.values(value)) walk(item, isSecret, found);
  else if (typeof value === "string" && value !== "") found(value, isSecret);
}

/**
 * The same value, secret where a model is, and wherever it repeats one of the texts: `tagsAll` repeats `tags`, an ARN the
 * name that it is made of.
 */
export function markSecrets(value: Value, models: readonly (Value | undefined)[], texts: ReadonlySet<string>): Value {
  if (value instanceof Secret || isUnknown(value)) return value;
  if (models.some((model) => model instanceof Secret)) return new Secret(value);
  if (typeof value === "string") return repeats(value, texts) ? new Secret(value) : value;
  if (Array.isArray(value)) {
    // A cloud may answer in another order: which item is the secret one is not known.
    return models.some(containsSecret) ? new Secret(value) : value.map((item: Value) => markSecrets(item, [], texts));
  }
  if (!isMap(value)) return value;
  const named = (name: string) => models.map((model) => (isMap(model) ? model[name] : undefined));
  const marked = Object.entries(value).map(([name, item]) => [name, markSecrets(item, named(name), texts)]);
  return Object.fromEntries(marked) as Value;
}

function repeats(text: string, secrets: ReadonlySet<string>): boolean {
  return secrets.has(text) || [...secrets].some((secret) => secret.length >= LONG && text.includes(secret));
}

/** A sentence without the texts, as they are and as JSON writes them. A short one is only taken out in quotes. */
export function withoutTexts(sentence: string, secrets: ReadonlySet<string>): string {
  const longestFirst = [...secrets].toSorted((one, other) => other.length - one.length);
  return longestFirst.reduce((rest, secret) => {
    const quoted = JSON.stringify(secret);
    if (secret.length < LONG) return rest.replaceAll(quoted, '"[secret]"');
    return rest.replaceAll(secret, "[secret]").replaceAll(quoted.slice(1, -1), "[secret]");
  }, sentence);
}
