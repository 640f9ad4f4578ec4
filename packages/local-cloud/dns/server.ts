import { createSocket, type Socket } from "node:dgram";
import { answerTo, type Found } from "./message.ts";

/** Where a cloud's DNS server is asked. */
const PORT = 53;
/** Where it is when that is not to be had: without root, or beside a server that has taken it. */
const OTHER_PORT = 8_053;

export interface DnsServer {
  /** `<address>:<port>` */
  readonly place: string;
  close(): void;
}

/** Answers questions for the cloud's own names, at its own address alone. */
export async function serveDns(address: string, find: (name: string) => Found): Promise<DnsServer> {
  const { socket, port } = await bound(address, PORT).catch(() => bound(address, OTHER_PORT));
  socket.on("message", (message, { address: asker, port: from }) => {
    const answer = answerTo(message, find);
    if (answer) socket.send(answer, from, asker, () => {}); // who does not hear it asks again
  });
  socket.on("error", () => {}); // of one datagram
  return { place: `${address}:${port}`, close: () => socket.close() };
}

function bound(address: string, port: number): Promise<{ socket: Socket; port: number }> {
  return new Promise((resolve, reject) => {
    const socket = createSocket("udp4");
    socket.once("error", (error) => {
      socket.close();
      reject(error);
    });
    socket.bind(port, address, () => {
      socket.removeAllListeners("error");
      resolve({ socket, port });
    });
  });
}
