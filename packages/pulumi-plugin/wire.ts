import structs from "google-protobuf/google/protobuf/struct_pb.js";
import { Archive, Asset, type Inputs, Secret, UNKNOWN, Unknown, type Value, withoutSecrets } from "./values.ts";

// The engine's marks inside a Struct. Source: pulumi/pulumi `sdk/go/common/resource/sig/sig.go` and `plugin/rpc.go`.
const SPECIAL = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const ASSET = "c44067f5952c0a294b673a41bacd8c17";
const ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7";
const RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e";
const OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
const UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const UNKNOWN_TEXTS = new Set([
  UNKNOWN_TEXT,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7", // of type bool
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421", // number
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2", // list
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff", // map
]);

/** SHA-256 of nothing: an empty text is left out on the wire, so that only this hash arrives. */
const HASH_OF_NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

type Json = structs.JavaScriptValue;
type JsonMap = { readonly [name: string]: Json };

/** Reads properties from the wire; an absent Struct reads as no properties. */
export function decode(struct: structs.Struct | undefined, secrets: "keep" | "unwrap"): Inputs {
  const values = decodeMap(struct?.toJavaScript() ?? {});
  if (secrets === "keep") return values;
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, withoutSecrets(value)]));
}

/** Writes properties for the wire. */
export function encode(values: Inputs): structs.Struct {
  return structs.Struct.fromJavaScript(encodeMap(values));
}

function decodeMap(map: JsonMap): Inputs {
  return Object.fromEntries(Object.entries(map).map(([name, value]) => [name, decodeValue(value)]));
}

function decodeValue(json: Json): Value {
  if (typeof json === "string") return UNKNOWN_TEXTS.has(json) ? UNKNOWN : json;
  if (Array.isArray(json)) return json.map(decodeValue);
  if (!isJsonMap(json)) return json as Value;
  return SPECIAL in json ? decodeSpecial(json) : decodeMap(json);
}

function decodeSpecial(json: JsonMap): Value {
  switch (json[SPECIAL]) {
    case SECRET: {
      const value = decodeValue(json.value ?? null);
      return value instanceof Unknown ? value : new Secret(value);
    }
    case ASSET:
      return decodeAsset(json);
    case ARCHIVE:
      return decodeArchive(json);
    case RESOURCE: // where a plain id was meant, `bucket: bucket` for `bucket: bucket.id`
      return json.id ? decodeValue(json.id) : UNKNOWN;
    case OUTPUT: {
      const value = json.value === undefined ? UNKNOWN : decodeValue(json.value);
      return json.secret === true && !(value instanceof Unknown) ? new Secret(value) : value;
    }
    default:
      throw new Error(`the engine sent a value of a kind that this provider does not know (${String(json[SPECIAL])})`);
  }
}

function decodeAsset(json: JsonMap): Asset {
  const facts = texts(json, ["hash", "path", "text", "uri"]);
  const isEmptyText = facts.hash === HASH_OF_NOTHING && facts.path === undefined && facts.uri === undefined;
  return new Asset(isEmptyText ? { ...facts, text: "" } : facts);
}

function decodeArchive(json: JsonMap): Archive {
  const facts = texts(json, ["hash", "path", "uri"]);
  const members = json.assets;
  if (!isJsonMap(members)) return new Archive(facts);
  const assets: Record<string, Asset | Archive> = {};
  for (const [name, value] of Object.entries(decodeMap(members))) {
    if (value instanceof Asset || value instanceof Archive) assets[name] = value;
  }
  return new Archive({ ...facts, assets });
}

function encodeMap(values: { readonly [name: string]: Value }): { [name: string]: Json } {
  const json: { [name: string]: Json } = {};
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined) json[name] = encodeValue(value);
  }
  return json;
}

function encodeValue(value: Value): Json {
  if (value instanceof Unknown) return UNKNOWN_TEXT;
  if (value instanceof Secret) return { [SPECIAL]: SECRET, value: encodeValue(value.value) };
  if (value instanceof Asset) return { [SPECIAL]: ASSET, ...texts(value, ["hash", "path", "text", "uri"]) };
  if (value instanceof Archive) {
    const assets = value.assets && { assets: encodeMap(value.assets) };
    return { [SPECIAL]: ARCHIVE, ...texts(value, ["hash", "path", "uri"]), ...assets };
  }
  if (Array.isArray(value)) return value.map(encodeValue);
  return typeof value === "object" && value !== null
    ? encodeMap(value as { readonly [name: string]: Value })
    : (value as Json);
}

function texts<Name extends string>(from: object, names: readonly Name[]): { [K in Name]?: string } {
  const found: { [K in Name]?: string } = {};
  for (const name of names) {
    const value = (from as Record<string, unknown>)[name];
    if (typeof value === "string") found[name] = value;
  }
  return found;
}

function isJsonMap(json: Json | undefined): json is JsonMap {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}
