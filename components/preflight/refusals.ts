import { textOf } from "@planet/content";
import { unifiedDiff } from "@planet/content/unifiedDiff";
import type { Explanation } from "@planet/errors";
import type { Refusal } from "./decideContent.ts";
import type { Published } from "./published.ts";

/** A longer diff hides the next steps; the whole of it is `npx planet feeds pull` and `git diff` away. */
const DIFF_LIMIT_LINES = 120;

interface Place {
  readonly stack: string;
  readonly bucketUrl: string;
}

/** `leave`: what the setting names already. */
type DeployPlace = Place & { readonly leave: readonly string[] };

/** Why nothing in the bucket may be written, if so. */
export function bucketRefusal({ manifest }: Published, { stack, bucketUrl }: Place): Explanation | undefined {
  const what = `${bucketUrl} may not be written by stack "${stack}"`;
  if (manifest.state === "present" && manifest.manifest.stack !== stack) {
    return {
      code: "BUCKET_OF_OTHER_STACK",
      what,
      why: `Its manifest.json belongs to stack "${manifest.manifest.stack}".`,
      next: "Give this stack a bucket of its own (planet:bucket), or select the other stack.",
    };
  }
  if (manifest.state === "forbidden") {
    return {
      code: "BUCKET_MANIFEST_FORBIDDEN",
      what,
      why: "Its manifest.json exists and may not be read without credentials (403).",
      next: "If the bucket is yours, give manifest.json the ACL public-read; else choose another planet:bucket.",
    };
  }
  if (manifest.state === "unreadable") {
    return {
      code: "BUCKET_MANIFEST_UNREADABLE",
      what,
      why: `Its manifest.json cannot be read: ${manifest.reason}.`,
      next: "Remove that object if it is not a planet's, or deploy with the version of this program that wrote it.",
    };
  }
  return undefined;
}

/** One text that names every file, shows each difference, and ends with the next steps. */
export function fileRefusals(refusals: readonly Refusal[], { manifest }: Published, place: DeployPlace): Explanation {
  const adopt = manifest.state === "missing";
  return {
    code: "EDITED",
    what: `This deploy would change or remove ${refusals.length} file(s) in ${place.bucketUrl} that somebody else has changed:`,
    why: refusals.map((refusal) => `\n${describe(refusal)}`).join("\n"),
    next: `\n${[...nextSteps(refusals, place, adopt), "Nothing was changed."].join("\n")}`,
  };
}

function describe({ name, kind, live, wanted }: Refusal): string {
  if (kind === "forbidden") {
    return `${name}: 403, it was uploaded without --acl public-read, so nobody can see whether it holds an edit`;
  }
  if (kind === "nothing-to-leave")
    return `${name}: planet:leave names it, but it is neither published nor in the bucket`;
  if (kind === "lost") return `${name}: planet:leave names it, but its published bytes are no longer in the bucket`;
  if (!live) return name;
  const since = live.modified?.toISOString() ?? "an unknown time";
  const again = kind === "edited-again" ? ", not the version that planet:overwrite names" : "";
  const head = `${name}: live is ${live.sha256.slice(0, 8)} of ${since}${again}`;
  return `${head}\n${difference(name, live.bytes, wanted)}`;
}

function difference(name: string, live: Uint8Array, wanted: Uint8Array | undefined): string {
  if (!wanted) return "this deploy would remove it";
  const before = textOf(live);
  const after = textOf(wanted);
  if (before === undefined || after === undefined) return `binary, ${live.length} bytes live, ${wanted.length} here`;
  const diff = unifiedDiff(name, before, after, ["live", "site"]);
  if (diff === undefined) return "the texts are too unlike to be compared";
  const lines = diff.split("\n");
  const more = lines.length - DIFF_LIMIT_LINES;
  return [...lines.slice(0, DIFF_LIMIT_LINES), ...(more > 0 ? [`… and ${more} more lines`] : [])]
    .map((line) => line.trimEnd())
    .join("\n");
}

function nextSteps(refusals: readonly Refusal[], { leave, stack }: DeployPlace, adopt: boolean): string[] {
  const edited = refusals.filter(({ live }) => live);
  const closed = refusals.filter(({ kind }) => kind === "forbidden");
  const first = edited[0] ?? closed[0] ?? refusals[0];
  const pull = `npx planet feeds pull${adopt ? " --adopt" : ""} --stack ${stack}`;
  const why = adopt ? "the bucket has no manifest: take what is live into site/, once" : "take the edits into site/";
  return [
    "Next steps:",
    ...(edited.length > 0 ? [`  ${pull}`, `      ${why}, look at them with git diff, deploy again`] : []),
    ...edited.flatMap(({ name, live }) => [
      `  npx pulumi config set --path 'planet:overwrite["${name}"]' ${live?.sha256.slice(0, 8)} --stack ${stack}`,
      `      overwrite it; the text stays as objects/${live?.sha256.slice(0, 8)}…`,
    ]),
    ...(closed.length > 0 ? ["  upload the 403 ones again with --acl public-read, or"] : []),
    ...(edited.length + closed.length > 0
      ? [
          `  npx pulumi config set --path 'planet:leave[${leave.length}]' ${first?.name} --stack ${stack}`,
          "      leave it out of this deploy",
        ]
      : ["  take these names out of planet:leave"]),
  ];
}
