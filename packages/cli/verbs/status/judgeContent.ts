import type { ServedStatus } from "@planet/content";
import { contentDigest, isStale, type Manifest } from "@planet/content";
import { liveEdits } from "../../change/liveEdits.ts";
import type { Served } from "../../page/readServed.ts";
import { unleaveCommand } from "../../stack/settings.ts";
import { duration } from "../../text/duration.ts";
import { type Finding, note, ok, problem } from "../../text/finding.ts";
import { isUnreadable } from "../../text/unreadable.ts";
import type { StatusFacts } from "./facts.ts";

/** Content on its way from the repository over the bucket to the page, and what operators changed in between. */
export function judgeContent(facts: StatusFacts): Finding[] {
  const { bucket, stack } = facts;
  if (isUnreadable(bucket)) {
    const text = `the bucket cannot be read: ${bucket.unreadable}`;
    return [problem("content", text, `npx planet doctor --stack ${stack}`)];
  }
  const { manifest } = bucket;
  if (manifest.state !== "present") {
    if (!facts.served) return [];
    const why = manifest.state === "unreadable" ? `cannot be used: ${manifest.reason}` : `is ${manifest.state}`;
    return [problem("content", `manifest.json ${why}`, `npx pulumi up --stack ${stack}`)];
  }
  return [judgeRepository(manifest.manifest, facts), ...judgeServed(manifest, facts), ...judgeEdits(facts)];
}

/** site/ as it is in this checkout against what was published last. */
function judgeRepository(manifest: Manifest, { site, leave, stack, served }: StatusFacts): Finding {
  const published = new Map(manifest.files.map(({ name, sha256 }) => [name, sha256]));
  const names = [...new Set([...site.keys(), ...published.keys()])].filter((name) => !leave.includes(name)).toSorted();
  const differing = names.filter((name) => site.get(name) !== published.get(name));
  const words = differing.map((name) => {
    if (!site.has(name)) return `${name} (not in site/)`;
    return published.has(name) ? name : `${name} (not published)`;
  });
  const digest = contentDigest(manifest).slice(0, 8);
  if (differing.length === 0) return ok("repository", `site/ is what was published, content release ${digest}`);
  const next = `npx planet preview --stack ${stack}`;
  const text = `site/ differs from what was published (${digest}) in ${words.join(", ")}`;
  return served ? problem("repository", text, next) : note("repository", text, next);
}

function judgeServed(
  { manifest, modified }: { readonly manifest: Manifest; readonly modified?: Date | undefined },
  { served, stack, rollout, state }: StatusFacts,
): Finding[] {
  if (served?.kind !== "planet") return [];
  const { contentDigest: shown, contentId, rejected } = served.status;
  const wanted = rollout === "replace" ? (state.outputs.contentDigest ?? "") : contentDigest(manifest);
  const text = `the page shows content release ${contentId || shown.slice(0, 8)}`;
  if (shown === wanted) return [ok("content", text)];
  if (rollout === "replace") {
    return [problem("content", `${text}, deployed was ${wanted.slice(0, 8)}`, `npx pulumi up --stack ${stack}`)];
  }
  if (rejected.some(({ name }) => name === "manifest.json")) return []; // said among the edits, with the reason
  const behind = `${text}, published is ${wanted.slice(0, 8)}`;
  const { generatedMs, intervalMs } = served.status;
  const dueMs = generatedMs + intervalMs - served.at.getTime();
  if (modified !== undefined && isOnItsWay(modified, served)) {
    return [note("content", `${behind}: on its way, ${dueMs > 0 ? `in ${duration(dueMs)}` : "at any moment"}`)];
  }
  const next = `wait one interval (until ${new Date(generatedMs + intervalMs).toISOString()}) and look again`;
  return [problem("content", behind, next)];
}

/** The server takes what is published at its next look; it is late where a page that old would be stale. */
const isOnItsWay = (published: Date, { status: { intervalMs }, at }: Extract<Served, { kind: "planet" }>): boolean =>
  !isStale({ generatedMs: published.getTime(), intervalMs }, at);

/** The bucket as it is now, and what of it the server has taken. */
function judgeEdits({ bucket, served, stack, site, leave }: StatusFacts): Finding[] {
  if (isUnreadable(bucket)) return [];
  const status = served?.kind === "planet" ? served.status : undefined;
  const edits = liveEdits(bucket, undefined, true);
  const pull = `npx planet feeds pull --stack ${stack}`;
  const found = edits.map(({ name, sha256, modified }) => {
    const text = `${name} was edited in the bucket (${sha256.slice(0, 8)}, ${modified ?? "time unknown"})`;
    // With the edit in site/ already, a pull changes nothing, and neither does a deploy that leaves the file out.
    const isLeft = leave.includes(name) && site.get(name) === sha256;
    const next = isLeft ? `${unleaveCommand(name, leave, stack)}, then: npx pulumi up --stack ${stack}` : pull;
    return problem("edit", `${text}; ${fateOf(name, status)}`, next);
  });
  const closed = [...bucket.objects].filter(([, object]) => object.state === "forbidden");
  const others = (status?.rejected ?? []).filter(({ name }) => !edits.some((edit) => edit.name === name));
  return [
    ...found,
    ...closed.map(([name]) =>
      problem(
        "edit",
        `${name} cannot be read: it was uploaded without public-read`,
        `upload it again with --acl public-read, or: npx pulumi up --stack ${stack}`,
      ),
    ),
    ...others.map(({ name, line, message }) =>
      problem(
        "edit",
        `${name} was rejected${line === undefined ? "" : ` at line ${line}`}: ${message}`,
        `fix it in site/, then: npx pulumi up --stack ${stack}`,
      ),
    ),
  ];
}

function fateOf(name: string, status: ServedStatus | undefined): string {
  if (!status) return "whether the server took it is not known";
  const rejected = status.rejected.find((each) => each.name === name);
  if (rejected) {
    const place = rejected.line === undefined ? "" : ` at line ${rejected.line}`;
    return `REJECTED by the server${place}: ${rejected.message}`;
  }
  if (status.waiting.includes(name)) return "it is still settling";
  const drift = status.drift.find((each) => each.name === name);
  if (!drift) return "the server has not seen it yet";
  return drift.applied ? "it is on the page" : "the server is pinned to its content release and does not take it";
}
