import { readFileSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "@planet/errors";
import type { Context } from "../../command.ts";
import { writeWhole } from "../../siteFolder.ts";
import { stackName } from "../../stack/outputs.ts";
import { changeOverwrites } from "../../stack/overwrites.ts";
import type { StackSettings } from "../../stack/settings.ts";
import type { FeedsEdges } from "./edges.ts";
import type { PulledFile } from "./planPull.ts";

/**
 * A merged file holds the edit but is not its bytes, so an entry in the stack's file lets a deploy replace that edit. An
 * entry for an edit that is no longer live has been used, and goes.
 * @returns false when the file could not be edited; what to do was said.
 */
export async function setOverwrites(
  pulled: readonly PulledFile[],
  { stack, overwrite }: StackSettings,
  context: Context,
  { pulumi }: FeedsEdges,
): Promise<boolean> {
  const merged = pulled.flatMap(({ name, kind, live }) =>
    kind === "merge" && live ? [[name, live.sha256.slice(0, 8)] as const] : [],
  );
  const isLive = ([name, digits]: [string, string]) =>
    pulled.some((file) => file.name === name && file.live?.sha256.startsWith(digits));
  const used = Object.entries(overwrite).filter((entry) => !isLive(entry));
  const changes = { ...Object.fromEntries(used.map(([name]) => [name, undefined])), ...Object.fromEntries(merged) };
  if (Object.keys(changes).length === 0) return true;

  const file = `Pulumi.${stack === "" ? await stackName(stack, { read: pulumi }, context) : stack}.yaml`;
  const path = join(context.checkout, file);
  try {
    writeWhole(path, Buffer.from(changeOverwrites(readFileSync(path, "utf8"), changes)));
  } catch (error) {
    const wanted = Object.entries(changes).map(([name, digits]) => `${name}: ${digits ?? "none"}`);
    context.err(
      `${file} was not changed: ${messageOf(error)}. Set planet:overwrite there by hand: ${wanted.join(", ")}\n`,
    );
    return false;
  }
  for (const [name, digits] of Object.entries(changes)) context.err(`${file}: ${wordsFor(name, digits)}\n`);
  return true;
}

function wordsFor(name: string, digits: string | undefined): string {
  const entry = `planet:overwrite["${name}"]`;
  if (digits === undefined) return `${entry} was removed, since the edit that it allowed to replace is no longer live`;
  return `${entry} is now ${digits}, so that a deploy may replace that edit: site/${name} has it`;
}
