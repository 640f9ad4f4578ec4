import http from "node:http";
import https from "node:https";
import { isRecord } from "@planet/content/json";
import { AcmeError } from "./acmeError.ts";

export interface AcmeRequest {
  readonly method: "GET" | "HEAD" | "POST";
  readonly body?: string;
  readonly accept?: string;
}

export interface AcmeAnswer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
  /** Empty when the answer is not an object in JSON. */
  readonly json: Readonly<Record<string, unknown>>;
}

export type Send = (url: string, request: AcmeRequest) => Promise<AcmeAnswer>;

const LIMIT_MS = 20_000;
/** A chain of certificates is the longest answer. */
const LIMIT_BYTES = 128 * 1024;

/** One request to a certificate authority: bounded, no redirects, no proxy. @throws {AcmeError} ACME_UNREACHABLE. */
export const send: Send = (url, { method, body, accept = "application/json" }) =>
  new Promise((resolve, reject) => {
    const fail = (reason: string) =>
      reject(new AcmeError("ACME_UNREACHABLE", `${hostOf(url)} is not reachable: ${reason}`));
    if (!URL.canParse(url)) return fail(`${url.slice(0, 100)} is not an address`);
    const { request } = url.startsWith("https:") ? https : http;
    const headers = {
      ...{ "User-Agent": "planet", Accept: accept },
      ...(body !== undefined && { "Content-Type": "application/jose+json", "Content-Length": Buffer.byteLength(body) }),
    };
    const signal = AbortSignal.timeout(LIMIT_MS);
    const call = request(url, { method, headers, agent: false, signal }, (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on("data", (chunk: Buffer) => {
        size += chunk.length;
        if (size > LIMIT_BYTES) call.destroy(new Error(`its answer is larger than ${LIMIT_BYTES} bytes`));
        else chunks.push(chunk);
      });
      response.on("error", (error) => fail(error.message));
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json: recordIn(text) });
      });
    });
    call.on("error", (error) => fail(signal.aborted ? `no answer in ${LIMIT_MS / 1_000} s` : error.message));
    call.end(body);
  });

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : "the certificate authority");

function recordIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}
