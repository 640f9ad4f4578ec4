import { headerOf, type RequestHead } from "../wire/target.ts";
import { malformedPost } from "./errors.ts";

/*
 * An upload by a web page's form (`multipart/form-data`): fields first, the file last.
 * Source: Corymbia/eucalyptus `OSGUtil.java`, `FormPOSTMultipartDecoder.java`, `MultipartFormPartParser.java`,
 * `FormPOSTFilteringAggregator.java`; observed on Eucalyptus 5.1.0, 2026-11-28.
 */

/** Bytes of everything before the file's content. */
const FIELDS_LIMIT_BYTES = 25 * 1024;

export interface FormUpload {
  /** Trimmed. `file` is the file's name, `Content-Type` the type of its part. */
  readonly fields: ReadonlyMap<string, string>;
  /** The file's bytes; throws {@link malformedPost} when the form does not end after them. */
  readonly content: AsyncIterable<Buffer>;
}

/** Whether the request is a form: only under this spelling of the value. */
export function isFormUpload(head: RequestHead): boolean {
  return head.method === "POST" && contentType(head).startsWith("multipart/form-data;");
}

const contentType = (head: RequestHead): string => headerOf(head, "Content-Type") ?? "";

/** Reads the fields; the content stays in the source until somebody reads it. @throws {S3Error} `MalformedPOSTRequest` */
export async function readFormUpload(head: RequestHead, source: AsyncIterator<Buffer>): Promise<FormUpload> {
  const boundary = `--${boundaryOf(contentType(head))}`;
  const reader = new PartReader(source, Buffer.from(`\r\n${boundary}`));
  const fields = new Map<string, string>();
  await reader.expect(`${boundary}\r\n`);
  for (;;) {
    const part = partHeaders((await reader.until("\r\n\r\n")).trim());
    const name = part.get("name") ?? "";
    if (name === "") throw malformedPost("Invalid part name null");
    if (name === "file") {
      fields.set("file", part.get("filename") ?? "");
      const type = part.get("Content-Type");
      if (type === undefined) fields.delete("Content-Type");
      else fields.set("Content-Type", type);
      return { fields, content: reader.content() };
    }
    fields.set(name, (await reader.until(`\r\n${boundary}`)).trim());
    await reader.expect("\r\n");
  }
}

function boundaryOf(type: string): string {
  const [, boundary = ""] = /boundary=(.*)/.exec(type.split(";")[1] ?? "") ?? [];
  const plain = boundary.replaceAll('"', "").trim();
  if (plain === "") throw malformedPost("Invalid form field entry");
  return plain;
}

/** `name="key"`, `filename="a.txt"` and header lines alike; a name with `=`, `:` or `;` is refused, as there. */
function partHeaders(text: string): ReadonlyMap<string, string> {
  if (!text.startsWith("Content-Disposition")) throw malformedPost("Invalid form encoding");
  return new Map(
    text.split("\r\n").flatMap((line) =>
      line.split(";").map((item) => {
        const pair = item.split("=");
        const [name = "", value = "", more] = pair.length === 2 ? pair : item.split(":");
        if (more !== undefined || value === "") throw malformedPost(`Unexpected form field content: ${item.trim()}`);
        return [name.trim(), value.trim().replaceAll('"', "")] as const;
      }),
    ),
  );
}

class PartReader {
  readonly #source: AsyncIterator<Buffer>;
  readonly #end: Buffer;
  #buffer: Buffer = Buffer.alloc(0);
  #left = FIELDS_LIMIT_BYTES;

  constructor(source: AsyncIterator<Buffer>, end: Buffer) {
    this.#source = source;
    this.#end = end;
  }

  /** The text before the delimiter, which is read, too. */
  async until(delimiter: string): Promise<string> {
    for (let from = 0; ; ) {
      const found = this.#buffer.indexOf(delimiter, from);
      const size = found < 0 ? this.#buffer.length : found + Buffer.byteLength(delimiter);
      if (size > this.#left) throw malformedPost("The fields before the file are too long");
      if (found >= 0) {
        this.#left -= size;
        return this.#take(size).subarray(0, found).toString("utf8");
      }
      from = Math.max(0, size - delimiter.length);
      await this.#more();
    }
  }

  async expect(text: string): Promise<void> {
    while (this.#buffer.length < text.length) await this.#more();
    if (this.#take(text.length).toString("latin1") !== text) throw malformedPost("No upload content found");
  }

  async *content(): AsyncGenerator<Buffer> {
    for (;;) {
      const end = this.#buffer.indexOf(this.#end);
      if (end >= 0) {
        if (end > 0) yield this.#take(end);
        break;
      }
      const certain = this.#buffer.length - this.#end.length;
      if (certain > 0) yield this.#take(certain);
      await this.#more();
    }
    this.#take(this.#end.length);
    const rest = await this.#rest();
    if (rest !== "--" && rest !== "--\r\n") {
      throw malformedPost("Must not have any trailing form parts after file content");
    }
  }

  /** What follows the last boundary, as far as it matters. */
  async #rest(): Promise<string> {
    while (this.#buffer.length <= 4) {
      const next = await this.#source.next();
      if (next.done) break;
      this.#buffer = Buffer.concat([this.#buffer, next.value]);
    }
    return this.#buffer.toString("latin1");
  }

  #take(size: number): Buffer {
    const taken = this.#buffer.subarray(0, size);
    this.#buffer = this.#buffer.subarray(size);
    return taken;
  }

  async #more(): Promise<void> {
    const next = await this.#source.next();
    if (next.done) throw malformedPost("The form ends in the middle");
    this.#buffer = Buffer.concat([this.#buffer, next.value]);
  }
}
