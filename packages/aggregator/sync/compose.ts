import type { PlanetConfig } from "@planet/content";
import { contentProblems, type Refusal, refuseEdit } from "@planet/content";
import type { Decision, Overlay } from "./decide.ts";
import type { ContentFile } from "./localContent.ts";

export interface Composition {
  readonly files: ReadonlyMap<string, ContentFile>;
  readonly bytes: ReadonlyMap<string, Uint8Array>;
  readonly rejected: readonly { readonly overlay: Overlay; readonly refusal: Refusal }[];
}

export interface ComposeFacts {
  readonly base: ReadonlyMap<string, Uint8Array>;
  readonly baseFiles: ReadonlyMap<string, ContentFile>;
  /** Bytes of every overlay, by hash. */
  readonly edits: ReadonlyMap<string, Uint8Array>;
  /** What is in effect now: an edit must not lose most of its feeds without saying so. */
  readonly before: PlanetConfig | undefined;
  readonly trial: (files: ReadonlyMap<string, Uint8Array>) => Promise<Refusal | undefined>;
}

/**
 * The manifest's files with as many of the edits over them as can be taken. All are tried together first, since a new
 * template may need the new planet.ini; when that fails each is tried by itself, edits in effect first, planet.ini
 * before the rest. A refusal instead of a composition means that the deploy's own files cannot be used.
 */
export async function compose(decision: Decision, facts: ComposeFacts): Promise<Composition | Refusal> {
  const check = memoized(facts);
  const fresh = [...inOrder(decision.candidates)];
  const again = fresh.length > 0 ? inOrder(decision.rejectedBefore) : [];
  const steps = [...inOrder(decision.kept), ...fresh, ...again];
  const all = steps.reduce(laidOver, []);
  if ((await check(all)) === undefined) return composition(all, facts, []);
  const refusedBase = await check([]);
  if (refusedBase) return refusedBase;
  let accepted: Overlay[] = [];
  const rejected: { overlay: Overlay; refusal: Refusal }[] = [];
  for (const overlay of steps) {
    const refusal = await check(laidOver(accepted, overlay));
    if (refusal) rejected.push({ overlay, refusal });
    else accepted = laidOver(accepted, overlay);
  }
  return composition(accepted, facts, rejected);
}

function inOrder(overlays: readonly Overlay[]): Overlay[] {
  const rank = ({ name }: Overlay) => (name === "planet.ini" ? "" : name);
  return [...overlays].sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
}

/** A later overlay takes the place of an earlier one of the same name. */
function laidOver(overlays: readonly Overlay[], overlay: Overlay): Overlay[] {
  return [...overlays.filter(({ name }) => name !== overlay.name), overlay];
}

function composition(
  overlays: readonly Overlay[],
  facts: ComposeFacts,
  rejected: Composition["rejected"],
): Composition {
  const files = new Map(facts.baseFiles);
  for (const { name, sha256 } of overlays) files.set(name, { sha256, origin: "edit" });
  return { files, bytes: bytesWith(overlays, facts), rejected };
}

function bytesWith(overlays: readonly Overlay[], { base, edits }: ComposeFacts): Map<string, Uint8Array> {
  const bytes = new Map(base);
  for (const { name, sha256 } of overlays) bytes.set(name, edits.get(sha256) ?? new Uint8Array());
  return bytes;
}

/** The same set is asked for twice when there is only one edit, and a trial render is the most expensive step. */
function memoized(facts: ComposeFacts): (overlays: readonly Overlay[]) => Promise<Refusal | undefined> {
  const known = new Map<string, Promise<Refusal | undefined>>();
  return (overlays) => {
    const key = overlays
      .map(({ name, sha256 }) => `${name} ${sha256}`)
      .sort()
      .join("\n");
    const answer = known.get(key) ?? refuse(overlays, facts);
    known.set(key, answer);
    return answer;
  };
}

async function refuse(overlays: readonly Overlay[], facts: ComposeFacts): Promise<Refusal | undefined> {
  const files = bytesWith(overlays, facts);
  for (const { name, kept } of overlays) {
    const bytes = files.get(name) as Uint8Array;
    const refusal = kept ? undefined : refuseEdit(name, bytes, facts.before);
    if (refusal) return refusal;
  }
  const [problem] = contentProblems([...files].map(([name, { length }]) => ({ name, size: length })));
  if (problem) return { name: problem.name, code: "limits", message: `${problem.name} ${problem.reason}`.trim() };
  return facts.trial(files);
}
