import { describe, expect, test } from "@jest/globals";
import structs from "google-protobuf/google/protobuf/struct_pb.js";
import { Archive, Asset, type Inputs, Secret, UNKNOWN } from "./values.ts";
import { decode, encode } from "./wire.ts";

const SPECIAL = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

function received(json: { [name: string]: structs.JavaScriptValue }, secrets: "keep" | "unwrap" = "keep"): Inputs {
  return decode(structs.Struct.fromJavaScript(json), secrets);
}

describe("properties on the wire (marks as the engine writes them; not that the engine accepts ours)", () => {
  test.each<[string, Inputs]>([
    ["plain values", { text: "a", number: 1.5, yes: true, nothing: null, list: [1, ["b"]], map: { "a.b": "c" } }],
    ["an unknown deep inside", { tags: { Name: UNKNOWN }, list: ["a", UNKNOWN] }],
    ["a secret map", { environment: new Secret({ A: "b" }) }],
    ["an asset by path", { source: new Asset({ hash: HASH, path: "./logo.png" }) }],
    ["an archive with members", { code: new Archive({ hash: HASH, assets: { "a.txt": new Asset({ text: "a" }) } }) }],
  ])("keep their meaning there and back: %s", (_name, values) => {
    expect(decode(structs.Struct.deserializeBinary(encode(values).serializeBinary()), "keep")).toEqual(values);
  });

  test("unknowns of every type are one", () => {
    const typed = ["1c4a061d-8072-4f0a-a4cb-0ff528b18fe7", "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2"];
    expect(received({ typed })).toEqual({ typed: [UNKNOWN, UNKNOWN] });
  });

  test("a secret can be unwrapped, an unknown secret stays unknown", () => {
    const secret = { [SPECIAL]: SECRET, value: "s" };
    const unknown = { [SPECIAL]: SECRET, value: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" };
    expect(received({ secret, unknown }, "unwrap")).toEqual({ secret: "s", unknown: UNKNOWN });
    expect(received({ secret, unknown })).toEqual({ secret: new Secret("s"), unknown: UNKNOWN });
  });

  test("a resource given for its id is its id", () => {
    const reference = { [SPECIAL]: "5cf8f73096256a8f31e491e813e4eb8e", urn: "urn:pulumi:…", id: "bucket-1" };
    expect(received({ a: reference, b: { ...reference, id: "" } })).toEqual({ a: "bucket-1", b: UNKNOWN });
  });

  test("an output value is its value, or unknown", () => {
    const output = { [SPECIAL]: "d0e6a833031e9bbcd3f4e8bde6ca49a4" };
    const known = { ...output, value: "v", secret: true };
    expect(received({ known, later: output })).toEqual({ known: new Secret("v"), later: UNKNOWN });
  });

  test("an asset of an empty text has its text, though only the hash is sent", () => {
    const hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    const asset = { [SPECIAL]: "c44067f5952c0a294b673a41bacd8c17", hash };
    expect(received({ asset })).toEqual({ asset: new Asset({ hash, text: "" }) });
  });

  test("an unknown kind is refused, not taken as a map", () => {
    expect(() => received({ odd: { [SPECIAL]: "0000" } })).toThrow(/kind/);
  });
});
