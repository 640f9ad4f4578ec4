import type { Context } from "../../command.ts";
import type { OperationEdges } from "../../deploy/edges.ts";
import type { Update } from "../../stack/history/updates.ts";
import type { prepareWorktree } from "./prepareWorktree.ts";
import type { PreviewIn } from "./previewBack.ts";

export interface RollbackEdges extends OperationEdges {
  readonly preview: PreviewIn;
  readonly prepare: typeof prepareWorktree;
}

/** One rollback: what was asked for, and what its steps need. */
export interface Session {
  readonly stack: string;
  readonly options: {
    /** The number of an update. */
    readonly to: number | undefined;
    readonly yes: boolean;
    readonly json: boolean;
  };
  /** The stack's whole history, oldest first. */
  readonly updates: readonly Update[];
  readonly edges: RollbackEdges;
  readonly context: Context;
}
