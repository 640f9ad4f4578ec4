import type { Manifest } from "@planet/content";
import { isOperatorEdit, judgeLiveObject } from "@planet/content";
import type { LocalContent } from "./localContent.ts";
import type { Observation } from "./observe.ts";
import type { RejectedRecord } from "./state.ts";

/** A live object that is, or may become, part of the content instead of the manifest's file. */
export interface Overlay {
  readonly name: string;
  readonly sha256: string;
  /** True when it is already in effect. */
  readonly kept: boolean;
}

export interface Notice {
  readonly name: string;
  readonly code: string;
  readonly message: string;
}

export interface Decision {
  /** Edits in effect that stay. */
  readonly kept: readonly Overlay[];
  /** Settled edits that nobody has looked at yet. */
  readonly candidates: readonly Overlay[];
  /** Edits that were rejected before: tried again only together with something new. */
  readonly rejectedBefore: readonly Overlay[];
  /** Edits that are still settling. */
  readonly waiting: readonly string[];
  readonly notices: readonly Notice[];
  /** Names whose live object is in step again: a rejection of an earlier edit is history. */
  readonly inStep: readonly string[];
}

export interface DecisionFacts {
  readonly manifest: Manifest;
  readonly digest: string;
  readonly manifestModified: Date | undefined;
  readonly active: LocalContent | undefined;
  /** Of the manifest's names, and of those that only planet.ini names. */
  readonly observations: ReadonlyMap<string, Observation>;
  readonly rejected: Readonly<Record<string, RejectedRecord>>;
}

/** Applies the table of `judgeLiveObject` to every name. Pure: what was seen in, what to do out. */
export function decide(facts: DecisionFacts): Decision {
  const decision: MutableDecision = {
    kept: [],
    candidates: [],
    rejectedBefore: [],
    waiting: [],
    notices: [],
    inStep: [],
  };
  const files = new Map(facts.manifest.files.map((file) => [file.name, file]));
  for (const [name, seen] of facts.observations) {
    const verdict = judgeLiveObject({
      live: seen.sha256,
      manifestFile: files.get(name),
      liveModified: seen.modified,
      manifestModified: facts.manifestModified,
    });
    if (isOperatorEdit(verdict)) decideEdit(name, seen, facts, decision);
    else if (verdict === "unreadable") decideUnreadable(name, seen, facts, decision);
    else decision.inStep.push(name);
  }
  return decision;
}

type MutableDecision = {
  -readonly [Key in keyof Decision]: Decision[Key] extends readonly (infer Item)[] ? Item[] : never;
};

function decideEdit(name: string, seen: Observation, facts: DecisionFacts, decision: MutableDecision): void {
  const live = seen.sha256 as string;
  const inEffect = editInEffect(name, facts.active);
  if (inEffect !== undefined) decision.kept.push({ name, sha256: inEffect, kept: true });
  if (inEffect === live) return;
  const before = facts.rejected[name];
  const overlay = { name, sha256: live, kept: false };
  if (before?.sha256 === live && before.digest === facts.digest) decision.rejectedBefore.push(overlay);
  else if (seen.settled) decision.candidates.push(overlay);
  else decision.waiting.push(name);
}

/**
 * The operator's intent is unknown, so an edit in effect stays. A file of the deploy comes from its immutable copy and
 * does not need the live name: taking the old one instead would mix two deploys.
 */
function decideUnreadable(name: string, seen: Observation, facts: DecisionFacts, decision: MutableDecision): void {
  const inEffect = editInEffect(name, facts.active);
  if (inEffect !== undefined) decision.kept.push({ name, sha256: inEffect, kept: true });
  const deployed = facts.manifest.files.some((file) => file.name === name);
  const { code, reason } = seen.problem ?? { code: "failed", reason: "not read" };
  const instead =
    inEffect !== undefined ? "the edit in effect stays" : deployed ? "the deployed file is used" : "left out";
  decision.notices.push({ name, code: `live-${code}`, message: `${reason}; ${instead}` });
}

function editInEffect(name: string, active: LocalContent | undefined): string | undefined {
  const file = active?.files.get(name);
  return file?.origin === "edit" ? file.sha256 : undefined;
}
