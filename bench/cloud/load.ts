import { connect } from "node:net";
import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import { cpuMsOf } from "../processTree.ts";
import type { CloudServer, Keys } from "./servers.ts";

/** Connections at once; each has one call under way. */
const CLIENTS = 8;

/** The bytes of one call, signed with version 4. */
export async function signedCall({ endpoint, ec2Path, keys }: CloudServer, action: string): Promise<Buffer> {
  const { host, hostname, port } = new URL(endpoint);
  const body = `Action=${action}&Version=2016-11-15`;
  const type = "application/x-www-form-urlencoded";
  const headers = { host, "content-type": type, "content-length": String(body.length) };
  const unsigned = { method: "POST", protocol: "http:", hostname, port: Number(port), path: ec2Path, headers, body };
  const signed = await signerOf(keys).sign(unsigned);
  const lines = Object.entries(signed.headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`POST ${ec2Path} HTTP/1.1\r\n${lines.join("")}\r\n${body}`);
}

const signerOf = (keys: Keys) =>
  new SignatureV4({ service: "ec2", region: "us-east-1", credentials: keys, sha256: Sha256 });

/** Calls that were answered with 200 within `ms`. */
export interface Rate {
  /** For each second that passed. */
  readonly wall: number;
  /** For each second of the server's processor time: what one idle core would answer. */
  readonly cpu: number;
}

/** @throws {Error} on another answer than 200 */
export async function rateOf({ endpoint, pid }: CloudServer, call: Buffer, ms: number): Promise<Rate> {
  const cpuBefore = cpuMsOf(pid);
  const { hostname, port } = new URL(endpoint);
  const begun = performance.now();
  let answered = 0;
  /** As long as the server keeps the connection; then a new one. */
  const oneConnection = () =>
    new Promise<void>((resolve, reject) => {
      const socket = connect(Number(port), hostname, () => socket.write(call)).setNoDelay();
      let received = "";
      socket.setEncoding("latin1").on("data", (text: string) => {
        received += text;
        const head = received.indexOf("\r\n\r\n");
        const length = Number(/\r\ncontent-length: *(\d+)/i.exec(received.slice(0, head + 2))?.[1]);
        if (head < 0 || received.length < head + 4 + length) return;
        if (!received.startsWith("HTTP/1.1 200 ")) reject(new Error(received));
        answered += 1;
        const isKept = !/\r\nconnection: *close/i.test(received.slice(0, head + 2));
        received = "";
        if (isKept && performance.now() - begun < ms) socket.write(call);
        else socket.destroy();
      });
      socket.on("error", reject).on("close", () => resolve());
    });
  const client = async () => {
    while (performance.now() - begun < ms) await oneConnection();
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  const per = (passedMs: number) => (answered * 1000) / passedMs;
  return { wall: per(performance.now() - begun), cpu: per(cpuMsOf(pid) - cpuBefore) };
}
