import { decodeWindows1252 } from "../text/windows1252.ts";
import type { IniProblem } from "./types.ts";

/** The largest public planet.ini that was found has 158 KB. */
const INI_LIMIT_BYTES = 1_048_576;

export interface Decoded {
  readonly text: string;
  readonly problems: readonly IniProblem[];
}

/** UTF-8 with or without a byte order mark; anything else is read as windows-1252, which has a letter for every byte. */
export function decodeIni(bytes: Uint8Array): Decoded {
  if (bytes.length > INI_LIMIT_BYTES) {
    return broken("too-large", `is ${bytes.length} bytes, the limit is ${INI_LIMIT_BYTES}`);
  }
  if (bytes.includes(0)) return broken("not-text", "is not text: it holds NUL bytes");
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), problems: [] };
  } catch {
    const text = "is not UTF-8, read as windows-1252; save it as UTF-8";
    return {
      text: decodeWindows1252(bytes),
      problems: [{ line: 0, level: "warning", code: "not-utf8", text }],
    };
  }
}

function broken(code: string, text: string): Decoded {
  return { text: "", problems: [{ line: 0, level: "error", code, text }] };
}

/** Lines without their endings. The same cut applies to the raw bytes, since CR and LF are ASCII in both encodings. */
export function linesOf(text: string): string[] {
  return text.split(/\r\n|\n|\r/);
}
