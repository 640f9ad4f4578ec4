/** A value that is not known yet; only in previews. There is one, {@link UNKNOWN}. */
export class Unknown {
  readonly kind = "unknown";
}

export const UNKNOWN = new Unknown();

/** Marks its value as secret for the state and the display. */
export class Secret {
  readonly kind = "secret";
  readonly value: Value;
  constructor(value: Value) {
    this.value = value;
  }
}

/** Content with a name for its bytes. Where only the hash arrives (diff, olds, delete) the sources are absent. */
export class Asset {
  readonly kind = "asset";
  /** SHA-256 of the content, hex; may be absent in an asset that we make. */
  readonly hash?: string;
  /** As written in the program; relative to the plugin's working directory. */
  readonly path?: string;
  readonly text?: string;
  readonly uri?: string;
  constructor(facts: { hash?: string; path?: string; text?: string; uri?: string }) {
    Object.assign(this, facts);
  }
}

/** A collection of assets. */
export class Archive {
  readonly kind = "archive";
  readonly hash?: string;
  readonly path?: string;
  readonly uri?: string;
  readonly assets?: Readonly<Record<string, Asset | Archive>>;
  constructor(facts: { hash?: string; path?: string; uri?: string; assets?: Record<string, Asset | Archive> }) {
    Object.assign(this, facts);
  }
}

/** What a property holds: plain JSON and the four special kinds. */
export type Value =
  | null
  | boolean
  | number
  | string
  | readonly Value[]
  | { readonly [name: string]: Value }
  | Unknown
  | Secret
  | Asset
  | Archive;

/** The properties of a resource, its outputs, or the arguments of a function. */
export type Inputs = Record<string, Value>;

export function isUnknown(value: Value | undefined): value is Unknown {
  return value instanceof Unknown;
}

/** A map of plain names: neither a list nor one of the special kinds. */
export function isMap(value: Value | undefined): value is { readonly [name: string]: Value } {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Unknown || value instanceof Secret || value instanceof Asset || value instanceof Archive)
  );
}

/** Whether an unknown is anywhere in the value. */
export function containsUnknown(value: Value | undefined): boolean {
  if (value instanceof Secret) return containsUnknown(value.value);
  if (Array.isArray(value)) return value.some(containsUnknown);
  if (isMap(value)) return Object.values(value).some(containsUnknown);
  return isUnknown(value);
}

/** Whether a secret is anywhere in the value. */
export function containsSecret(value: Value | undefined): boolean {
  if (Array.isArray(value)) return value.some(containsSecret);
  if (isMap(value)) return Object.values(value).some(containsSecret);
  return value instanceof Secret;
}

/** The same value without its marks of secrecy. */
export function withoutSecrets(value: Value): Value {
  if (value instanceof Secret) return withoutSecrets(value.value);
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (isMap(value)) return inputsWithoutSecrets(value);
  return value;
}

/** {@link withoutSecrets} for a whole set of properties. */
export function inputsWithoutSecrets(inputs: { readonly [name: string]: Value }): Inputs {
  return Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, withoutSecrets(value)]));
}
