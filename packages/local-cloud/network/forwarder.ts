import { createServer, type Server, type Socket } from "node:net";
import type { PublicNetwork, Route } from "../machine/driver.ts";
import { type Connection, forward } from "./connection.ts";
import { isTooLarge, openPorts } from "./ports.ts";
import { afterMoves, EMPTY_TABLE, movedAddresses, type RouteTable, withRoutes } from "./routeTable.ts";
import { isAllowed } from "./sources.ts";

export interface ForwarderSettings {
  /** From the call that moves an address to the first new connection that reaches the new instance. */
  readonly moveDelayMs: number;
  /** Whether a move resets the connections that the old instance still has through the address. */
  readonly cutOnMove: boolean;
}

export interface Forwarder extends PublicNetwork {
  /** Where each address leads now, and where it will lead. */
  table(): RouteTable;
  /** Takes effect for later moves. */
  change(settings: Partial<ForwarderSettings>): void;
  close(): void;
}

/**
 * Listens on public addresses and forwards to instances. Differences from a real cloud, on purpose: a port that no group opens is
 * refused at once instead of going silent, and a refused source gets a reset. An address that is taken away keeps its open
 * connections, unless `cutOnMove`.
 */
export function createForwarder(initial: ForwarderSettings, log: (line: string) => void): Forwarder {
  let settings = initial;
  let table: RouteTable = EMPTY_TABLE;
  const listeners = new Map<string, Server>();
  const connections = new Map<string, Set<Connection>>();
  const timers = new Map<number, NodeJS.Timeout>();

  const become = (next: RouteTable): void => {
    const moved = movedAddresses(table, next);
    table = next;
    if (settings.cutOnMove)
      for (const address of moved) for (const connection of connections.get(address) ?? []) connection.cut();
    listen();
    scheduleMoves();
  };

  /** Makes the listening sockets equal to the open ports of the effective routes. */
  const listen = (): void => {
    const wanted = new Map<string, { address: string; port: number }>();
    for (const [address, { ports }] of table.effective) {
      for (const { port } of openPorts(ports)) wanted.set(`${address}:${port}`, { address, port });
    }
    for (const [key, server] of listeners) {
      if (wanted.has(key)) continue;
      server.close();
      listeners.delete(key);
    }
    for (const [key, { address, port }] of wanted) {
      if (listeners.has(key)) continue;
      const server = createServer({ allowHalfOpen: true, pauseOnConnect: false }, (client) =>
        accept(address, port, client),
      );
      server.on("error", (error) => log(`public address ${key} is not served: ${error.message}`));
      listeners.set(key, server.listen(port, address));
    }
  };

  const accept = (address: string, port: number, client: Socket): void => {
    client.on("error", () => client.destroy());
    const route = table.effective.get(address);
    const sources = route && openPorts(route.ports).find((open) => open.port === port)?.cidrs;
    if (!route || !sources || !isAllowed(client.remoteAddress ?? "", sources)) {
      client.resetAndDestroy();
      return;
    }
    const open = connections.get(address) ?? new Set();
    connections.set(address, open);
    const connection: Connection = forward(client, { host: route.privateAddress, port }, () => open.delete(connection));
    open.add(connection);
  };

  const scheduleMoves = (): void => {
    const times = new Set([...table.moves.values()].map(({ at }) => at));
    for (const at of times) {
      if (timers.has(at)) continue;
      const fire = (): void => {
        timers.delete(at);
        become(afterMoves(table, at));
      };
      timers.set(at, setTimeout(fire, Math.max(0, at - Date.now())));
    }
  };

  return {
    apply(routes) {
      for (const route of routes) noteLargeRanges(table.effective.get(route.publicAddress), route, log);
      become(withRoutes(table, routes, Date.now(), settings.moveDelayMs));
    },
    table: () => afterMoves(table, Date.now()),
    change(changes) {
      settings = { ...settings, ...changes };
    },
    close() {
      for (const timer of timers.values()) clearTimeout(timer);
      for (const server of listeners.values()) server.close();
      for (const open of connections.values()) for (const connection of open) connection.cut();
      listeners.clear();
    },
  };
}

function noteLargeRanges(old: Route | undefined, { publicAddress, ports }: Route, log: (line: string) => void): void {
  const known = new Set(old?.ports.map(({ from, to }) => `${from}-${to}`));
  for (const range of ports.filter(isTooLarge)) {
    const name = `${range.from}-${range.to}`;
    if (known.has(name)) continue;
    const forwarded = openPorts([range]).map(({ port }) => port);
    log(
      `${publicAddress}: of the open ports ${name} only ${forwarded.join(", ") || "none"} are forwarded (each port is a socket here); open the ports that you need by themselves`,
    );
  }
}
