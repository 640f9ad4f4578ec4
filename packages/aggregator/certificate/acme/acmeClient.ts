import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from "node:crypto";
import { AcmeError, problemText, problemType } from "./acmeError.ts";
import type { AcmeAnswer, Send } from "./send.ts";

/** Resources of the directory that an order needs (RFC 8555, 7.1.1). */
interface Directory {
  readonly newNonce: string;
  readonly newAccount: string;
  readonly newOrder: string;
  /** Where the authority says when to renew (RFC 9773); not every one does. */
  readonly renewalInfo?: string;
}

/** An authority may throw nonces away at any time; Pebble does so with one in twenty. */
const NONCE_TRIES = 5;

/** Signed requests to one certificate authority (RFC 8555), in the name of one account. */
export class AcmeClient {
  readonly directory: Directory;
  readonly #send: Send;
  readonly #key: KeyObject;
  readonly #jwk: Readonly<Record<string, string>>;
  #account: string | undefined;
  #nonce: string | undefined;

  private constructor(directory: Directory, accountKey: string, send: Send) {
    this.directory = directory;
    this.#send = send;
    this.#key = createPrivateKey(accountKey);
    const { crv = "", kty = "", x = "", y = "" } = createPublicKey(this.#key).export({ format: "jwk" });
    // In the order of RFC 7638, which the thumbprint is over.
    this.#jwk = { crv, kty, x, y };
  }

  /** @param accountKey ECDSA on P-256, PEM. @throws {AcmeError} */
  static async open(directory: string, accountKey: string, send: Send): Promise<AcmeClient> {
    return new AcmeClient(await readDirectory(directory, send), accountKey, send);
  }

  /** Finds the account of this key, or makes one. @throws {AcmeError} */
  async register(contact: string): Promise<void> {
    const contacts = contact === "" ? {} : { contact: [`mailto:${contact}`] };
    const answer = await this.post(this.directory.newAccount, { termsOfServiceAgreed: true, ...contacts });
    this.#account = location(answer);
  }

  /** What the authority wants to find at the address of a challenge (RFC 8555, 8.1). */
  keyAuthorization(token: string): string {
    return `${token}.${createHash("sha256").update(JSON.stringify(this.#jwk)).digest("base64url")}`;
  }

  /** @param payload Absent: reads the resource (POST-as-GET). @throws {AcmeError} for every answer that is an error. */
  async post(url: string, payload?: object, accept?: string): Promise<AcmeAnswer> {
    for (let left = NONCE_TRIES; ; left -= 1) {
      const body = this.#signed(url, payload, await this.#takeNonce());
      const answer = await this.#send(url, { method: "POST", body, ...(accept !== undefined && { accept }) });
      this.#nonce = headerOf(answer, "replay-nonce");
      if (answer.status < 400) return answer;
      if (problemType(answer.json) !== "badNonce" || left === 1) throw errorOf(answer, url);
    }
  }

  /** Flattened JWS (RFC 7515) with ES256. */
  #signed(url: string, payload: object | undefined, nonce: string): string {
    const who = this.#account === undefined ? { jwk: this.#jwk } : { kid: this.#account };
    const header = base64url(JSON.stringify({ alg: "ES256", ...who, nonce, url }));
    const content = payload === undefined ? "" : base64url(JSON.stringify(payload));
    const signature = sign("sha256", Buffer.from(`${header}.${content}`), {
      key: this.#key,
      dsaEncoding: "ieee-p1363",
    });
    return JSON.stringify({ protected: header, payload: content, signature: signature.toString("base64url") });
  }

  /** Each nonce serves once; every answer brings another. */
  async #takeNonce(): Promise<string> {
    const known = this.#nonce;
    this.#nonce = undefined;
    if (known !== undefined) return known;
    const answer = await this.#send(this.directory.newNonce, { method: "HEAD" });
    const nonce = headerOf(answer, "replay-nonce");
    if (nonce === undefined) throw errorOf(answer, this.directory.newNonce);
    return nonce;
  }
}

/** @throws {AcmeError} */
export async function readDirectory(url: string, send: Send): Promise<Directory> {
  const answer = await send(url, { method: "GET" });
  const { newNonce, newAccount, newOrder, renewalInfo } = answer.json;
  if (
    answer.status === 200 &&
    typeof newNonce === "string" &&
    typeof newAccount === "string" &&
    typeof newOrder === "string"
  )
    return { newNonce, newAccount, newOrder, ...(typeof renewalInfo === "string" && { renewalInfo }) };
  if (answer.status >= 400) throw errorOf(answer, url);
  throw new AcmeError("ACME_REFUSED", `${url} is not the directory of an ACME server`);
}

/** The address of what a request has made. @throws {AcmeError} */
export function location({ headers }: AcmeAnswer): string {
  if (headers.location !== undefined) return headers.location;
  throw new AcmeError("ACME_REFUSED", "the certificate authority did not say where the new resource is");
}

/** In how many milliseconds to ask again, as the authority says it. */
export function retryAfterMs({ headers }: AcmeAnswer, now = Date.now()): number | undefined {
  const value = headers["retry-after"] ?? "";
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1_000;
  const time = Date.parse(value);
  return Number.isNaN(time) ? undefined : Math.max(0, time - now);
}

const headerOf = ({ headers }: AcmeAnswer, name: string): string | undefined => [headers[name]].flat()[0];
const base64url = (text: string): string => Buffer.from(text).toString("base64url");

/** The error that an answer stands for: with 5xx the authority is down, whatever it says. */
function errorOf(answer: AcmeAnswer, url: string): AcmeError {
  const { status, json } = answer;
  const said = `${new URL(url).host} answered http ${status}: ${problemText(json)}`;
  if (status === 429 || problemType(json) === "rateLimited") {
    const wait = retryAfterMs(answer);
    return new AcmeError("ACME_RATE_LIMITED", said, wait === undefined ? undefined : new Date(Date.now() + wait));
  }
  return new AcmeError(status >= 500 ? "ACME_UNREACHABLE" : "ACME_REFUSED", said);
}
