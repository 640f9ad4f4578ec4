import { stripVTControlCharacters } from "node:util";
import type { Manifest } from "@planet/content";
import type { LiveBucket } from "@planet/content/live";
import { addressChange, goneBalancer } from "./addressChange.ts";
import type { Change, LiveEdit, OtherChange, Verdict } from "./change.ts";
import { isObject, liveSteps, manifests, textsByHash } from "./contentTexts.ts";
import { feedChanges } from "./feedChanges.ts";
import { fileChanges } from "./fileChanges.ts";
import { liveEdits } from "./liveEdits.ts";
import type { Preview, Step } from "./previewJson.ts";
import { serverChange, sizeChange } from "./serverChange.ts";
import { warningsOf } from "./warnings.ts";

export interface ChangeFacts {
  readonly stack: string;
  readonly preview: Preview;
  /** Undefined when the bucket could not be read. */
  readonly bucket: LiveBucket | undefined;
}

/** From the engine's preview and the bucket to what people want to know. Pure. */
export function describeChange({ stack, preview, bucket }: ChangeFacts): Change {
  const problems = messages(preview, "error");
  const { after, before } = manifests(preview);
  const published = bucket?.manifest.state === "present" ? bucket.manifest.manifest : undefined;
  const edits = bucket && liveEdits(bucket, after, problems.length > 0);
  const server = serverChange(preview);
  const servers = sizeChange(preview);
  const texts = contentTexts(preview, bucket, { published: before ?? published, after, edits: edits ?? [] });
  const files = fileChanges({ ...texts, live: liveSteps(preview) });
  const touchesIni = files.some(({ name, kind }) => name === "planet.ini" && kind !== "rewritten");
  const change: Omit<Change, "verdict" | "warnings"> = {
    stack,
    problems,
    ...(server && { server }),
    ...(servers && { servers }),
    rollout: preview.config["planet:rollout"] === "replace" ? "replace" : "live",
    intervalSeconds: Number(preview.config["planet:interval"] ?? 300),
    feeds: touchesIni
      ? feedChanges(texts.textBefore("planet.ini"), texts.textAfter("planet.ini"))
      : { added: [], removed: [], changed: [] },
    files,
    address: addressChange(preview),
    ...(edits && { liveEdits: edits }),
    others: otherChanges(preview.steps, { hasServer: server !== undefined, hasSize: servers !== undefined }),
  };
  const whole = { ...change, verdict: verdictOf(change) };
  return { ...whole, warnings: [...warningsOf(whole), ...goneNames(preview), ...messages(preview, "warning")] };
}

/** A CNAME that leads to a balancer has to follow its readers before the balancer goes. */
function goneNames(preview: Preview): string[] {
  const name = goneBalancer(preview);
  return name === undefined ? [] : [`Nothing answers at ${name} any more.`];
}

/** What there is to say when the CLI ended before it had a preview; its own words went to stderr. */
export function failedChange(stack: string, exitCode: number): Change {
  return {
    stack,
    verdict: "failed",
    problems: [
      `pulumi preview ended with exit code ${exitCode} and no result; its own message (in a workflow: in the step's log) says why.`,
    ],
    warnings: [],
    rollout: "live",
    intervalSeconds: 0,
    feeds: { added: [], removed: [], changed: [] },
    files: [],
    address: { kind: "none" },
    others: [],
  };
}

interface Contents {
  readonly published: Manifest | undefined;
  readonly after: Manifest | undefined;
  readonly edits: readonly LiveEdit[];
}

/** Readers of a file whose live edit is overwritten have that edit before their eyes, and not what was deployed. */
function contentTexts(preview: Preview, bucket: LiveBucket | undefined, { published, after, edits }: Contents) {
  const texts = textsByHash(preview);
  const hashIn = (manifest: Manifest | undefined, name: string) =>
    manifest?.files.find((file) => file.name === name)?.sha256 ?? "";
  const live = (name: string) => {
    const object = bucket?.objects.get(name);
    return object?.state === "present" ? Buffer.from(object.bytes).toString("utf8") : undefined;
  };
  const isOverwritten = (name: string) => edits.some((edit) => edit.name === name && edit.fate === "overwritten");
  return {
    ...(published && { before: published }),
    ...(after && { after }),
    textBefore: (name: string) => (isOverwritten(name) ? live(name) : texts.get(hashIn(published, name))),
    textAfter: (name: string) => texts.get(hashIn(after, name)),
  };
}

/** The engine says a refusal once for each resource that it reads, and at the end that the preview failed. */
function messages({ diagnostics }: Preview, severity: string): string[] {
  const found = diagnostics
    .filter((each) => each.severity === severity)
    .map(({ message }) => textOf(message, severity));
  const each = [...new Set(found.map((text) => text.replace(/^preview failed: /i, "")))];
  const specific = each.filter((text) => text !== "preview failed");
  return specific.length > 0 ? specific : each;
}

/** The engine repeats the severity in the text, colours it, and adds the stack of a program's exception. */
function textOf(message: string, severity: string): string {
  const text = stripVTControlCharacters(message).replace(new RegExp(`^(${severity}: )+`), "");
  const invoke = /Invoke of '[^']*' failed: (.+)/.exec(text)?.[0];
  if (invoke !== undefined) return invoke; // a refusal of the provider, wrapped in an exception of the program
  const lines = text.split("\n").filter((line) => !/^\s+at .+[:(]/.test(line));
  return lines.join("\n").trim();
}

function verdictOf({
  problems,
  server,
  servers,
  address,
  files,
  others,
}: Omit<Change, "verdict" | "warnings">): Verdict {
  if (problems.some((problem) => problem.includes("failed with an unhandled exception"))) return "failed";
  if (problems.length > 0) return "refused";
  if (server) return "server";
  if (address.kind !== "stays" && address.kind !== "none") return "address";
  if (files.length > 0) return "content";
  return others.length > 0 || servers ? "in-place" : "nothing";
}

/** Components and the stack have no life of their own; gates and association are reported with server and address. */
const REPORTED_ELSEWHERE = /^(pulumi:pulumi:|planet:index:|aws:ec2\/eipAssociation:|aws:ec2\/eip:|command:local:)/;

/** What comes and goes with a release. */
const OF_SERVERS =
  /^aws:(ec2\/instance:Instance|autoscaling\/(group:Group|attachment:Attachment)|ec2\/launchConfiguration:LaunchConfiguration)$/;

function otherChanges(
  steps: readonly Step[],
  { hasServer, hasSize }: { readonly hasServer: boolean; readonly hasSize: boolean },
): OtherChange[] {
  return steps
    .filter((step) => !REPORTED_ELSEWHERE.test(step.type) && !isObject(step))
    .filter(({ type, op }) => !(type.startsWith("pulumi:providers:") && (op === "create" || op === "delete")))
    .filter(({ type, op }) => !(OF_SERVERS.test(type) && hasServer && op !== "update"))
    .filter(({ type, op }) => !(type === "aws:autoscaling/group:Group" && hasSize && op === "update"))
    .map(({ op, type, name, paths }) => ({ op, type, name, paths }));
}
