/** Why a feed could not be fetched; goes to status.json and, as a sentence, to the page. */
export type FailureCode =
  | "dns"
  | "tls"
  | "connect"
  | "timeout"
  | "http"
  | "too-big"
  | "not-feed"
  | "parse"
  | "encoding"
  | "blocked-address"
  | "redirects"
  | "worker"
  | "own-feed"
  | "bad-url";

/** A fetch that failed. `message` is one short sentence without secrets or stacks: it is shown to readers. */
export class FetchError extends Error {
  override readonly name = "FetchError";
  readonly code: FailureCode;
  /** HTTP status, when there was an answer. */
  readonly status?: number;

  constructor(code: FailureCode, message: string, options?: ErrorOptions & { status?: number }) {
    super(message, options);
    this.code = code;
    if (options?.status !== undefined) this.status = options.status;
  }
}

const DNS_CODES = new Set(["ENOTFOUND", "EAI_AGAIN", "ENODATA", "ESERVFAIL", "ETIMEOUT"]);

/** Turns what node:http throws into one of our codes. */
export function toFetchError(error: unknown, host: string): FetchError {
  if (error instanceof FetchError) return error;
  const code = (error as { code?: unknown }).code;
  const cause = { cause: error };
  if (typeof code !== "string") return new FetchError("connect", `the connection to ${host} failed`, cause);
  if (DNS_CODES.has(code)) return new FetchError("dns", `the name ${host} could not be resolved`, cause);
  if (code === "ECONNREFUSED") return new FetchError("connect", `${host} refused the connection`, cause);
  if (code === "ECONNRESET") return new FetchError("connect", `${host} cut the connection`, cause);
  if (code === "HPE_HEADER_OVERFLOW")
    return new FetchError("too-big", `${host} sent more headers than accepted`, cause);
  if (code.startsWith("HPE_")) return new FetchError("connect", `${host} did not answer with valid HTTP`, cause);
  if (
    code.startsWith("ERR_TLS") ||
    code.startsWith("ERR_SSL") ||
    code.includes("CERT") ||
    code.includes("_SIGNATURE")
  ) {
    return new FetchError("tls", `the certificate or TLS of ${host} is not acceptable (${code})`, cause);
  }
  return new FetchError("connect", `the connection to ${host} failed (${code})`, cause);
}
