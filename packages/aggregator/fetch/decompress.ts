import { promisify } from "node:util";
import { brotliDecompress, constants, gunzip } from "node:zlib";
import { FetchError } from "./errors.ts";

const gunzipAsync = promisify(gunzip);
const brotliAsync = promisify(brotliDecompress);

/**
 * Undoes Content-Encoding. The limit is on the output, not on the ratio: 100 MB of zeros are 152 bytes of brotli.
 * @throws {FetchError} `too-big`, or `parse` when the stream is broken.
 */
export async function decompress(body: Buffer, contentEncoding: string, limitBytes: number): Promise<Buffer> {
  try {
    switch (contentEncoding.trim().toLowerCase()) {
      case "":
      case "identity":
        if (body.length > limitBytes) throw tooBig(limitBytes);
        return body;
      case "gzip":
      case "x-gzip":
        // A gzip stream without its trailer is common; the transfer itself is known to be complete here.
        return await gunzipAsync(body, { maxOutputLength: limitBytes, finishFlush: constants.Z_SYNC_FLUSH });
      case "br":
        return await brotliAsync(body, { maxOutputLength: limitBytes });
      default:
        throw new FetchError("encoding", "the answer is compressed in a way that was not asked for");
    }
  } catch (error) {
    if (error instanceof FetchError) throw error;
    if ((error as { code?: unknown }).code === "ERR_BUFFER_TOO_LARGE") throw tooBig(limitBytes);
    throw new FetchError("encoding", "the compressed answer is broken", { cause: error });
  }
}

/** The refusal of a document above its limit. */
export function tooBig(limitBytes: number): FetchError {
  return new FetchError("too-big", `the document is larger than ${Math.round(limitBytes / 1024 / 1024)} MiB`);
}
