import { closeSync, existsSync, fstatSync, openSync, readSync } from "node:fs";

/** As much as GetConsoleOutput shows. */
const CONSOLE_LIMIT_BYTES = 64 * 1024;

/** The end of a console log; empty before the first boot. */
export function readConsole(file: string): Buffer {
  if (!existsSync(file)) return Buffer.alloc(0);
  const descriptor = openSync(file, "r");
  try {
    const { size } = fstatSync(descriptor);
    const length = Math.min(size, CONSOLE_LIMIT_BYTES);
    const bytes = Buffer.alloc(length);
    return bytes.subarray(0, readSync(descriptor, bytes, 0, length, size - length));
  } finally {
    closeSync(descriptor);
  }
}
