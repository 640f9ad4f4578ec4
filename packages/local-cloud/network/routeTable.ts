import type { Route } from "../machine/driver.ts";

/** What new connections get now, and the moves that are on their way through the cloud. */
export interface RouteTable {
  readonly effective: ReadonlyMap<string, Route>;
  readonly moves: ReadonlyMap<string, Move>;
}

interface Move {
  readonly to: Route;
  /** Milliseconds, on the caller's clock. */
  readonly at: number;
}

export const EMPTY_TABLE: RouteTable = { effective: new Map(), moves: new Map() };

/**
 * The table after the cloud asked for `routes`. An address that now leads to another instance goes on leading to the old one until
 * `now + moveDelayMs`, as a real cloud broadcasts a move for seconds; a new address, a vanished one, and ports take effect at once.
 * Asking again for a move under way does not restart its time; taking it back cancels it.
 */
export function withRoutes(table: RouteTable, routes: readonly Route[], now: number, moveDelayMs: number): RouteTable {
  const effective = new Map<string, Route>();
  const moves = new Map<string, Move>();
  for (const route of routes) {
    const old = table.effective.get(route.publicAddress);
    if (!old || old.instanceId === route.instanceId || moveDelayMs <= 0) {
      effective.set(route.publicAddress, route);
      continue;
    }
    const move = table.moves.get(route.publicAddress);
    const at = move?.to.instanceId === route.instanceId ? move.at : now + moveDelayMs;
    effective.set(route.publicAddress, old);
    moves.set(route.publicAddress, { to: route, at });
  }
  return { effective, moves };
}

/** The table after all moves whose time has come. */
export function afterMoves(table: RouteTable, now: number): RouteTable {
  const due = [...table.moves].filter(([, { at }]) => at <= now);
  if (due.length === 0) return table;
  const effective = new Map(table.effective);
  const moves = new Map(table.moves);
  for (const [address, { to }] of due) {
    effective.set(address, to);
    moves.delete(address);
  }
  return { effective, moves };
}

/** Addresses whose instance is another one (or none) in `after`: the moves that took effect between the two. */
export function movedAddresses(before: RouteTable, after: RouteTable): string[] {
  return [...before.effective.values()]
    .filter(({ publicAddress, instanceId }) => after.effective.get(publicAddress)?.instanceId !== instanceId)
    .map(({ publicAddress }) => publicAddress);
}
