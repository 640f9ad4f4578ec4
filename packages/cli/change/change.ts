/** What a deploy would do, for people: all renderings come from this and from nothing else. */
export interface Change {
  readonly stack: string;
  readonly verdict: Verdict;
  /** Why the deploy would be refused, in the program's or the engine's own words. */
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
  readonly server?: ServerChange;
  /** How many servers are behind the balancer, when that alone changes. */
  readonly servers?: { readonly before: number; readonly after: number };
  readonly rollout: "live" | "replace";
  /** How long a running server may take to see a content change. */
  readonly intervalSeconds: number;
  readonly feeds: FeedChanges;
  readonly files: readonly FileChange[];
  readonly address: AddressChange;
  /** What operators changed straight in the bucket. Absent: the bucket could not be read. */
  readonly liveEdits?: readonly LiveEdit[];
  /** Everything else that changes: groups, keys, the bucket itself. */
  readonly others: readonly OtherChange[];
}

/**
 * `refused`: a check of ours or of the provider stops the deploy. `failed`: there is no result, because something
 * broke. `address`: the running server gets another address, or its own back. `in-place`: neither the page nor the server
 * changes, something around them does.
 */
export type Verdict = "nothing" | "content" | "server" | "address" | "in-place" | "refused" | "failed";

export interface ServerChange {
  /**
   * `first`: there is none yet. `new`: another release. `again`: the same release on a new machine, because the old
   * one is gone. `back`: an earlier server still runs and serves again. `removed`: none is left.
   */
  readonly kind: "first" | "new" | "again" | "back" | "removed";
  /** Behind a balancer: how many come, or serve again. Absent for one server behind an elastic address. */
  readonly servers?: number;
  readonly before?: string;
  readonly after?: string;
  /** What of it differs. Empty for a new release: only `planet:generation` does. */
  readonly reasons: readonly ValueChange[];
  /** Unified diff of the user-data; absent when there is nothing to compare. */
  readonly userDataDiff?: string;
  /** Absent where the planet has no host, neither before nor after. */
  readonly https?: HttpsChange;
}

export interface HttpsChange {
  /** Names, the canonical one first; empty without HTTPS. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** For how long browsers keep to https that have seen it before this deploy. */
  readonly hstsSeconds: number;
  /** Whether the certificate in the bucket is sealed with another key than the new server's. */
  readonly hasOtherKey: boolean;
}

export interface ValueChange {
  readonly what: string;
  readonly before?: string;
  readonly after?: string;
}

export interface FeedChanges {
  readonly added: readonly Feed[];
  readonly removed: readonly Feed[];
  readonly changed: readonly (Feed & { readonly values: readonly ValueChange[] })[];
}

export interface Feed {
  readonly url: string;
  readonly name: string;
}

export interface FileChange {
  readonly name: string;
  /** `rewritten`: the bytes are published already, the live name lags or its access right has to be fixed. */
  readonly kind: "added" | "changed" | "removed" | "rewritten";
  readonly bytesBefore?: number;
  readonly bytesAfter?: number;
  /** Unified diff; absent when the file is not text, or not at hand. */
  readonly diff?: string;
}

export interface AddressChange {
  /** `returns`: it is the stack's, and led nowhere. `none`: there is no address yet and none comes. */
  readonly kind: "stays" | "moves" | "returns" | "new" | "differs" | "removed" | "none";
  readonly before?: string;
  /** Absent for an address that the cloud has yet to choose. */
  readonly after?: string;
  /** For an address that leaves the stack: whether the account keeps it. */
  readonly kept?: boolean;
}

export interface LiveEdit {
  readonly name: string;
  readonly sha256: string;
  readonly modified?: string;
  /**
   * `left`: the deploy does not touch it. `taken`: the deploy publishes the very same bytes. `overwritten`: on request.
   * `found`: the deploy does not get so far.
   */
  readonly fate: "left" | "taken" | "overwritten" | "found";
}

export interface OtherChange {
  readonly op: string;
  readonly type: string;
  readonly name: string;
  readonly paths: readonly string[];
}
