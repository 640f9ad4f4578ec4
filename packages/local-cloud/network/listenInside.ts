import { createServer } from "node:net";

/**
 * A process of its own that lives for one message: it opens a listening socket in the network namespace it was started in
 * and hands it to its parent. A socket stays in the namespace that it was made in, so the parent then serves
 * the metadata address itself and sees each caller's own address, with no proxy between.
 */
const [address = "", port = ""] = process.argv.slice(2);
const server = createServer();
server.on("error", (error) => {
  process.send?.({ error: error.message }, () => process.exit(1));
});
server.listen({ host: address, port: Number(port), backlog: 128 }, () => {
  process.send?.({ listening: true }, server);
});
// The parent has the socket: from now on this process must not take connections from its queue.
process.on("disconnect", () => process.exit(0));
