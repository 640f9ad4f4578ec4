import type { Forwarder, ForwarderSettings } from "./forwarder.ts";
import { afterMoves, EMPTY_TABLE, type RouteTable, withRoutes } from "./routeTable.ts";

/** Addresses of a cloud without machines: they move with the same delay, and lead nowhere. */
export function createWordOnlyForwarder(initial: ForwarderSettings): Forwarder {
  let settings = initial;
  let table: RouteTable = EMPTY_TABLE;
  return {
    apply(routes) {
      const now = Date.now();
      table = withRoutes(afterMoves(table, now), routes, now, settings.moveDelayMs);
    },
    table: () => afterMoves(table, Date.now()),
    change(changes) {
      settings = { ...settings, ...changes };
    },
    close() {},
  };
}
