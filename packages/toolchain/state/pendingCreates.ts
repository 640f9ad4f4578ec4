/** A create that a killed run had begun. */
export interface PendingCreate {
  readonly urn: string;
  /** Whether a later run has made the resource since. */
  readonly isSettled: boolean;
}

interface Entry {
  readonly urn?: unknown;
  readonly created?: unknown;
  readonly delete?: unknown;
}

/**
 * The creates that no run has seen the end of, in `deployment` of `pulumi stack export`. The engine keeps such entries for
 * ever (pulumi 3.259.0, pkg/backend/snapshot.go); all others it drops with its next write. A resource that replaces another
 * has that one's time of creation while it is pending: the one in the state is a later one when its own differs.
 */
export function pendingCreates(deployment: unknown): PendingCreate[] {
  const { resources, pending_operations: pending } = record(deployment);
  const living = list(resources)
    .map(record)
    .filter((entry: Entry) => entry.delete !== true);
  const creates = list(pending)
    .map(record)
    .filter(({ type }) => type === "creating");
  return creates.map(({ resource }) => {
    const begun: Entry = record(resource);
    const made = living.find((entry: Entry) => entry.urn === begun.urn);
    return { urn: String(begun.urn), isSettled: made !== undefined && made.created !== begun.created };
  });
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

const record = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
