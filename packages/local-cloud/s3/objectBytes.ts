import { createHash } from "node:crypto";
import { createReadStream, mkdirSync, readdirSync, rmSync } from "node:fs";
import { open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";

export interface StoredBytes {
  readonly file: string;
  readonly size: number;
  readonly md5: string;
  readonly sha256: string;
}

/** The bytes of objects: one file each under a name that never comes again, so a reader keeps what it has begun. */
export class ObjectBytes {
  readonly #directory: string;
  readonly #nextName: () => string;

  constructor(directory: string, nextName: () => string) {
    mkdirSync(directory, { recursive: true });
    this.#directory = directory;
    this.#nextName = nextName;
  }

  /** On disk (synced) before it resolves; a failure of the source leaves no file. */
  async store(source: AsyncIterable<Buffer> | Iterable<Buffer>): Promise<StoredBytes> {
    const file = this.#nextName();
    const [md5, sha256] = [createHash("md5"), createHash("sha256")];
    let size = 0;
    const handle = await open(join(this.#directory, file), "wx", 0o600);
    try {
      for await (const chunk of source) {
        await handle.write(chunk);
        md5.update(chunk);
        sha256.update(chunk);
        size += chunk.length;
      }
      await handle.sync();
    } catch (error) {
      await this.remove([file]);
      throw error;
    } finally {
      await handle.close();
    }
    return { file, size, md5: md5.digest("hex"), sha256: sha256.digest("hex") };
  }

  read(file: string): Promise<Buffer> {
    return readFile(join(this.#directory, file));
  }

  /** Fails at once, not in the stream, when the file is gone. */
  async stream(file: string, start: number, length: number): Promise<Readable> {
    const handle = await open(join(this.#directory, file));
    return createReadStream("", { fd: handle, start, end: start + length - 1 });
  }

  async *chunks(files: readonly string[]): AsyncGenerator<Buffer> {
    for (const file of files) yield* createReadStream(join(this.#directory, file)) as AsyncIterable<Buffer>;
  }

  async remove(files: readonly string[]): Promise<void> {
    await Promise.all(files.map((file) => rm(join(this.#directory, file), { force: true })));
  }

  /** What a crash between storing and saving left behind. */
  removeAllBut(files: ReadonlySet<string>): void {
    for (const file of readdirSync(this.#directory)) {
      if (!files.has(file)) rmSync(join(this.#directory, file), { force: true });
    }
  }
}
