import { join } from "node:path";
import { textOf } from "@planet/content";
import { unifiedDiff } from "@planet/content/unifiedDiff";
import { type StackSettings, stackOption, unleaveCommand } from "../../stack/settings.ts";
import { visible } from "../../text/visible.ts";
import type { PulledFile } from "./planPull.ts";

/** Where an edit that does not fit lies beside the file it does not fit into. */
export const pulledPath = (name: string): string => join(".planet", "pulled", name);

/** What became of one edit, for people. */
export function describePulled(file: PulledFile, settings: StackSettings): string {
  const { name, kind, before, after, why = "" } = file;
  switch (kind) {
    case "closed":
      return `${name}: not readable (403); upload it again with --acl public-read, then pull again`;
    case "same":
      return `${name}: site/ has this edit already${leftOut(name, settings)}`;
    case "conflict":
      return visible(
        `${name}: ${why}.\n  The edit is in ${pulledPath(name)}; site/${name} is as it was. Bring into it what you want of the\n` +
          `  edit; then a deploy may replace the edit: ${overwriteCommand(file, settings)}`,
      );
    case "rejected":
      return visible(`${name}: not taken: ${why}.\n  The server has rejected it too; ${wayOn(file, settings)}`);
    case "merge":
      return visible(`${name}: merged with what changed here${difference(name, before, after)}`);
    case "take":
      return visible(`${name}: ${before ? "taken" : "taken, new here"}${difference(name, before, after)}`);
  }
}

function leftOut(name: string, { leave, stack }: StackSettings): string {
  if (!leave.includes(name)) return "";
  return `; planet:leave keeps it out of each deploy, until: ${unleaveCommand(name, leave, stack)}`;
}

/** A deploy writes only what it changes: over an edit of an unchanged file it has no say. */
function wayOn(file: PulledFile, settings: StackSettings): string {
  const { name, before, isChangedHere } = file;
  const { bucket } = settings;
  if (!before) return "replace it in the bucket, or delete it there.";
  const upload = `aws s3 cp site/${name} s3://${bucket}/${name} --acl public-read`;
  if (!isChangedHere) return `replace it in the bucket, for one with what is here: ${upload}`;
  return `replace it in the bucket or overwrite it: ${overwriteCommand(file, settings)}`;
}

function overwriteCommand({ name, live }: PulledFile, { stack }: StackSettings): string {
  const words = ["npx pulumi config set --path", `'planet:overwrite["${name}"]'`, live?.sha256.slice(0, 8) ?? ""];
  return [...words, ...stackOption(stack)].join(" ");
}

function difference(name: string, before: Uint8Array | undefined, after: Uint8Array | undefined): string {
  const [from, to] = [textOf(before ?? Buffer.alloc(0)), textOf(after ?? Buffer.alloc(0))];
  const diff = from !== undefined && to !== undefined ? unifiedDiff(`site/${name}`, from, to) : undefined;
  return diff === undefined ? "" : `\n${diff}`;
}
