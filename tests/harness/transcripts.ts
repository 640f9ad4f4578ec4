import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect } from "@jest/globals";

/**
 * Compares what a command said with what a document shows: the fenced block after `<!-- transcript: name -->`.
 * With UPDATE_GOLDEN set the block is written instead. Everything that differs from run to run is made equal first.
 */
export async function expectTranscript(document: string, name: string, command: string, output: string): Promise<void> {
  const file = fileURLToPath(new URL(`../../${document}`, import.meta.url));
  const text = await readFile(file, "utf8");
  const marker = `<!-- transcript: ${name} -->\n`;
  const begin = text.indexOf(marker);
  if (begin < 0) throw new Error(`${document} has no place for the transcript "${name}"`);
  const block = `\`\`\`\`console\n$ ${command}\n${settled(output)}\n\`\`\`\`\n`;
  const [, shown = ""] = /^(````console\n[\s\S]*?\n````\n)/.exec(text.slice(begin + marker.length)) ?? [];
  if (process.env.UPDATE_GOLDEN) {
    const rest = text.slice(begin + marker.length + shown.length);
    await writeFile(file, text.slice(0, begin) + marker + block + rest);
  } else expect(shown).toBe(block);
}

/** Ids, times and numbers of one run; the engine's progress is its own documentation. */
function settled(output: string): string {
  const known = new Map<string, string>();
  const numbered = (prefix: string) => (found: string) => {
    const count = [...known.values()].filter((value) => value.startsWith(prefix)).length;
    if (!known.has(found)) known.set(found, `${prefix}${count + 1}`);
    return known.get(found) ?? found;
  };
  return output
    .replaceAll(/^(Updating|Refreshing|Destroying) \([\s\S]*?(?=^(Resources|Outputs):)/gm, "    … what pulumi says …\n")
    .replaceAll(/\/tmp\/planet-git-\w+/g, "~/planet")
    .replaceAll(/\bi-[0-9a-f]{17}\b/g, numbered("i-0000000000000000"))
    .replaceAll(/\bvpc-[0-9a-f]{17}\b/g, "vpc-00000000000000001")
    .replaceAll(/, \d+ times,/g, ", once,")
    .replaceAll(/^( {2}Failed +)[1-9]\d*$/gm, "$1N")
    .replaceAll(/\bof \d{4}-\d\d-\d\d,/g, "of 2026-11-24,")
    .replaceAll(/\b\d+ (KiB|resources)\b/g, "N $1")
    .replaceAll(/^( {2}ok +memory +)\S.*$/gm, "$1memory/ has N objects, N MiB")
    .replaceAll(/\b[0-9a-f]{64}\b/g, numbered("content-"))
    .replaceAll(/\b[0-9a-f]{40}\b/g, numbered("commit-"))
    .replaceAll(/(?<!emi-)\b(?=[0-9a-f]*[a-f])(?=[0-9a-f]*\d)[0-9a-f]{8}\b/g, numbered("c0ffee0"))
    .replaceAll(/\b10\.6([67])\.\d+\.(\d+)\b/g, "10.6$1.0.$2")
    .replaceAll(/\b127\.66\.\d+\.(\d+)\b/g, "127.66.0.$1")
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "2026-11-24T12:00:00Z")
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?/g, "2026-11-24 12:00")
    .replaceAll(/\b\d+(\.\d+)? ?(ms|s|min|seconds?|minutes?)\b/g, "N $2")
    .replaceAll(/\b\d+ (requests?|from here)/g, "N $1")
    .trim();
}
