import type { Bucket } from "./bucket.ts";
import type { Notice } from "./decide.ts";
import type { LoadedContent } from "./localContent.ts";
import type { SyncSettings } from "./settings.ts";
import type { SyncState } from "./state.ts";
import type { ContentStore } from "./store.ts";
import type { BuildSite } from "./trial.ts";

/** What one sync works with; the caller writes the state back. */
export interface SyncContext {
  readonly settings: SyncSettings;
  readonly bucket: Bucket;
  readonly store: ContentStore;
  readonly state: SyncState;
  readonly buildSite: BuildSite;
  readonly now: Date;
  readonly log: (line: string) => void;
}

/** One difference between what the repository says and what is live. */
export interface Drift {
  readonly name: string;
  /** Absent when the deploy has no such file. */
  readonly manifestSha?: string;
  readonly liveSha: string;
  readonly etag?: string;
  /** When these bytes were seen first, ISO. */
  readonly since: string;
  /** False on a server that is pinned to one content release. */
  readonly applied: boolean;
}

/** The content that this sync builds the website from, and how it came about. */
export interface Content extends LoadedContent {
  readonly source: "manifest" | "edit" | "pinned";
  readonly drift: readonly Drift[];
  /** Edits that are still settling. */
  readonly waiting: readonly string[];
  /** Live objects that could not be read, and what is used instead. */
  readonly notices: readonly Notice[];
}
