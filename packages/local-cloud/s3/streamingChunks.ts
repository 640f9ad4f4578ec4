import type { KeyObject } from "node:crypto";
import { PipelineFault } from "../wire/faults.ts";
import { sameText, sha256, v4Signature } from "../wire/signature.ts";
import { signatureDoesNotMatch } from "./errors.ts";

export interface ChunkSignature {
  readonly signingKey: KeyObject;
  readonly date: string;
  readonly scope: string;
  /** The request's own signature: the first chunk is signed after it. */
  readonly seed: string;
}

const HEADER = /^([0-9a-f]{1,8});chunk-signature=([0-9a-f]{64})$/i;
/** Bytes of a chunk's first line. */
const HEADER_LIMIT = 128;
const NOTHING = sha256("");

/**
 * Decodes `hex;chunk-signature=…` chunks and proves each signature before its bytes go on. No trailers.
 * @throws {PipelineFault} on a form that is not this one; {S3Error} on a wrong signature.
 */
export async function* decodeChunks(source: AsyncIterable<Buffer>, signature: ChunkSignature): AsyncGenerator<Buffer> {
  const reader = new ByteReader(source);
  let previous = signature.seed;
  for (;;) {
    const line = await reader.line(HEADER_LIMIT);
    if (line === "" && (await reader.isAtEnd())) return; // without its last chunk: observed on Eucalyptus 5.1.0, 2026-11-28
    const [, size = "", claimed = ""] = HEADER.exec(line) ?? [];
    if (claimed === "") throw new PipelineFault(400, "Invalid chunk header");
    const bytes = await reader.take(Number.parseInt(size, 16));
    checkChunk(bytes, claimed, previous, signature);
    previous = claimed;
    await reader.line(2);
    if (bytes.length === 0) return;
    yield bytes;
  }
}

function checkChunk(bytes: Buffer, claimed: string, previous: string, { signingKey, date, scope }: ChunkSignature) {
  const stringToSign = ["AWS4-HMAC-SHA256-PAYLOAD", date, scope, previous, NOTHING, sha256(bytes)].join("\n");
  if (sameText(v4Signature(signingKey, stringToSign), claimed)) return;
  throw signatureDoesNotMatch({ accessKeyId: "", stringToSign, signature: claimed });
}

class ByteReader {
  readonly #source: AsyncIterator<Buffer>;
  #buffer: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** Without its CR LF; an empty line at the end of the body may lack it. */
  async line(limit: number): Promise<string> {
    for (;;) {
      const end = this.#buffer.indexOf("\r\n");
      if (end >= 0) {
        const line = this.#buffer.subarray(0, end).toString("ascii");
        this.#buffer = this.#buffer.subarray(end + 2);
        return line;
      }
      if (this.#buffer.length > limit || !(await this.#more())) {
        if (this.#buffer.length === 0) return "";
        throw new PipelineFault(400, "Invalid chunk framing");
      }
    }
  }

  async take(length: number): Promise<Buffer> {
    while (this.#buffer.length < length) {
      if (!(await this.#more())) throw new PipelineFault(400, "Body ends inside a chunk");
    }
    const bytes = this.#buffer.subarray(0, length);
    this.#buffer = this.#buffer.subarray(length);
    return bytes;
  }

  async isAtEnd(): Promise<boolean> {
    return this.#buffer.length === 0 && !(await this.#more());
  }

  async #more(): Promise<boolean> {
    const next = await this.#source.next();
    if (next.done) return false;
    this.#buffer = Buffer.concat([this.#buffer, next.value]);
    return true;
  }
}
