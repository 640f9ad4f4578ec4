import type { LiveBucket } from "@planet/content/live";
import type { Served } from "../../page/readServed.ts";
import type { Undone } from "../../stack/history/undone.ts";
import type { Update } from "../../stack/history/updates.ts";
import type { Lock } from "../../stack/locks.ts";
import type { StackState } from "../../stack/state.ts";
import type { Unreadable } from "../../text/unreadable.ts";

/** What was seen of servers that answer in turn. */
export interface BalancedServers {
  /** So many there should be. */
  readonly wanted: number;
  /** One entry for each that answered. */
  readonly seen: readonly { readonly instanceId: string; readonly release: string }[];
  readonly failed: number;
}

/** All that `planet status` judges; nothing in it was judged yet. */
export interface StatusFacts {
  readonly stack: string;
  readonly now: Date;
  readonly state: StackState;
  /** What could not be found out carries the reason. */
  readonly locks: readonly Lock[] | "unknown" | Unreadable;
  /** The newest update, whether or not it came to its end. */
  readonly lastUpdate?: Update;
  readonly undone?: Undone;
  /** Absent outside a git work tree. */
  readonly head?: { readonly commit: string; readonly since?: number };
  /** Nothing else can be looked at then. */
  readonly isLocalCloudStopped: boolean;
  readonly rollout: string;
  readonly leave: readonly string[];
  /** Absent before the first deploy. */
  readonly served?: Served;
  /** Behind a balancer; absent for one server behind an elastic address. */
  readonly servers?: BalancedServers;
  readonly bucket: LiveBucket | Unreadable;
  /** SHA-256 of the files below site/ by name. */
  readonly site: ReadonlyMap<string, string>;
}
