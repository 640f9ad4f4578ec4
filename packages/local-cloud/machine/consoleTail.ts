import { closeSync, existsSync, fstatSync, openSync, readSync } from "node:fs";

/** Of one look; also how much of the past is shown. */
const LIMIT_BYTES = 64 * 1024;

/** Follows a console log: its end first, then what is appended. A log that was cut is followed from its new end. */
export class ConsoleTail {
  readonly #file: string;
  #offset: number | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  /** What came since the last look, at most 64 KiB; the rest comes with the next. */
  next(): Buffer {
    if (!existsSync(this.#file)) return Buffer.alloc(0);
    const descriptor = openSync(this.#file, "r");
    try {
      const { size } = fstatSync(descriptor);
      const start = this.#offset ?? Math.max(0, size - LIMIT_BYTES);
      const length = Math.max(0, Math.min(size - start, LIMIT_BYTES));
      const bytes = Buffer.alloc(length);
      const read = readSync(descriptor, bytes, 0, length, start);
      this.#offset = size < start ? size : start + read;
      return bytes.subarray(0, read);
    } finally {
      closeSync(descriptor);
    }
  }
}
