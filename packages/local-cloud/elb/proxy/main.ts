import { Server, type Socket } from "node:net";
import { BalancerProxy } from "./balancerProxy.ts";
import type { FromWorker, ToWorker } from "./messages.ts";

/**
 * A load balancer's worker as a process of its own, which owns nothing: the daemon opens its ports and hands them over. It ends with the
 * daemon.
 */

/** `nobody`: every Linux has that number (Documentation/admin-guide/sysctl/fs.rst, overflowuid). */
const NOBODY = 65_534;

if (process.getuid?.() === 0) {
  process.setgroups?.([]);
  process.setgid?.(NOBODY);
  process.setuid?.(NOBODY);
}

const servers = new Map<number, Server>();
const tell = (message: FromWorker): void => void process.send?.(message);

const proxy = new BalancerProxy({
  listen(ports) {
    for (const [port, server] of servers) {
      if (ports.includes(port)) continue;
      server.close();
      servers.delete(port);
    }
    tell({ kind: "listen", ports });
  },
  onStates: (states) => tell({ kind: "states", states: [...states] }),
});

process.on("message", (message: ToWorker, handle: unknown) => {
  if (message.kind === "settings") {
    proxy.apply(message.settings);
  } else if (message.kind === "connection") {
    proxy.take(handle as Socket, message.port);
  } else if (handle instanceof Server) {
    const { port } = message;
    Object.assign(handle, { allowHalfOpen: true }); // an end of one direction ends that direction only
    handle.on("connection", (socket) => proxy.take(socket, port));
    servers.get(port)?.close();
    servers.set(port, handle);
  }
});
process.on("disconnect", () => process.exit(0));
process.on("uncaughtException", (error) => console.error(`load balancer: ${error.stack}`)); // one connection is not all
