import { createHash } from "node:crypto";
import { Asset, containsUnknown, type Inputs } from "@planet/pulumi-plugin";
import type { CloudContext } from "../cloudContext.ts";
import { ProviderError } from "../providerError.ts";
import { textOf } from "../values.ts";

/** The bytes to be written; undefined in a preview that does not know them yet. Without any content: an empty object. */
export async function contentBytes(
  cloud: Pick<CloudContext, "readFile">,
  inputs: Inputs,
): Promise<Uint8Array | undefined> {
  const { content, contentBase64, source } = inputs;
  if ([content, contentBase64, source].some(containsUnknown)) return undefined;
  if (typeof content === "string") return Buffer.from(content);
  if (typeof contentBase64 === "string") return Buffer.from(contentBase64, "base64");
  if (!(source instanceof Asset)) return new Uint8Array();
  if (source.text !== undefined) return Buffer.from(source.text);
  if (source.path !== undefined) return readSource(cloud, source.path, source.hash);
  throw new ProviderError({
    code: "SOURCE_UNREADABLE",
    what: `the content of ${textOf(inputs, "key")} cannot be read`,
    why:
      source.uri === undefined
        ? "its source names neither a file nor a text"
        : `its source is the remote ${source.uri}`,
    next: "Use a pulumi.asset.FileAsset or StringAsset.",
  });
}

/** A file that changed since the program looked would be written under the wrong name of its content. */
async function readSource({ readFile }: Pick<CloudContext, "readFile">, path: string, hash: string | undefined) {
  const bytes = await readFile(path);
  if (hash === undefined || createHash("sha256").update(bytes).digest("hex") === hash) return bytes;
  throw new ProviderError({
    code: "SOURCE_CHANGED",
    what: `${path} was not uploaded`,
    why: "it changed while `pulumi up` ran",
    next: "Run `pulumi up` again.",
  });
}

/** The ETag that the store gives to these bytes. */
export function md5(bytes: Uint8Array): string {
  return createHash("md5").update(bytes).digest("hex");
}
