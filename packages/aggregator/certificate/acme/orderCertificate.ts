import { certificateRequest, newPrivateKey, type PemPair } from "@planet/content";
import { isRecord } from "@planet/content/json";
import { AcmeClient, location, retryAfterMs } from "./acmeClient.ts";
import { AcmeError, problemText } from "./acmeError.ts";
import type { AcmeAnswer, Send } from "./send.ts";

export interface CertificateOrder {
  /** The authority's directory. */
  readonly directory: string;
  /** Mail address; may be empty. */
  readonly contact: string;
  readonly names: readonly string[];
  /** ECDSA on P-256, PEM. */
  readonly accountKey: string;
  /** By which the authority knows the certificate that is renewed (`renewalId`). */
  readonly replaces?: string | undefined;
}

export interface OrderTools {
  readonly send: Send;
  /** Puts the text where every server of the planet finds it for `/.well-known/acme-challenge/<token>`. */
  readonly answer: (token: string, text: string) => Promise<void>;
  readonly pause: (milliseconds: number) => Promise<void>;
}

/** All of one order. An authority that validates in turn needs seconds. */
const LIMIT_MS = 180_000;
const [SHORTEST_PAUSE_MS, LONGEST_PAUSE_MS] = [1_000, 15_000];
/** A token's own alphabet (RFC 8555, 8.3), as nginx lets it pass. */
const TOKEN = /^[\w-]{1,128}$/;

/** Orders a certificate for the names, each proven by HTTP-01, with a new private key. @throws {AcmeError} */
export async function orderCertificate(order: CertificateOrder, tools: OrderTools): Promise<PemPair> {
  const client = await AcmeClient.open(order.directory, order.accountKey, tools.send);
  await client.register(order.contact);
  const placed = await place(client, order);
  const poll = pollUntil(client, tools, Date.now() + LIMIT_MS);
  for (const authorization of texts(placed.json.authorizations)) await prove(authorization, client, tools, poll);
  const key = newPrivateKey();
  const csr = certificateRequest(order.names, key).toString("base64url");
  await client.post(text(placed.json.finalize), { csr });
  const finished = await poll(
    location(placed),
    (status) => status === "pending" || status === "ready" || status === "processing",
  );
  if (finished.json.status !== "valid")
    throw new AcmeError("ACME_REFUSED", `the order failed: ${errorText(finished.json)}`);
  const { text: chain } = await client.post(
    text(finished.json.certificate),
    undefined,
    "application/pem-certificate-chain",
  );
  return { key, chain };
}

/** The new order. An authority that does not know what is replaced, or has replaced it, gets a plain one. */
async function place(client: AcmeClient, { names, replaces }: CertificateOrder): Promise<AcmeAnswer> {
  const identifiers = names.map((value) => ({ type: "dns", value }));
  const { newOrder } = client.directory;
  if (replaces === undefined) return client.post(newOrder, { identifiers });
  try {
    return await client.post(newOrder, { identifiers, replaces });
  } catch (error) {
    if (error instanceof AcmeError && error.code === "ACME_REFUSED") return client.post(newOrder, { identifiers });
    throw error;
  }
}

type Poll = (url: string, isPending: (status: unknown) => boolean) => Promise<AcmeAnswer>;

/** Proves one name: puts the answer in place, lets the authority look, waits for its judgement. */
async function prove(url: string, client: AcmeClient, { answer }: OrderTools, poll: Poll): Promise<void> {
  const { json } = await client.post(url);
  if (json.status === "valid") return;
  const name = text(isRecord(json.identifier) ? json.identifier.value : "");
  const challenge = records(json.challenges).find(({ type }) => type === "http-01");
  const token = text(challenge?.token);
  if (challenge === undefined || !TOKEN.test(token))
    throw new AcmeError("ACME_REFUSED", `the certificate authority offers no challenge by http for ${name}`);
  await answer(token, client.keyAuthorization(token));
  await client.post(text(challenge.url), {});
  const judged = await poll(url, (status) => status === "pending");
  if (judged.json.status === "valid") return;
  const failed = records(judged.json.challenges).find(({ error }) => isRecord(error));
  throw new AcmeError(
    "ACME_CHALLENGE_FAILED",
    `the certificate authority could not verify ${name}: ${errorText(failed ?? {})}`,
  );
}

const pollUntil =
  (client: AcmeClient, { pause }: OrderTools, end: number): Poll =>
  async (url, isPending) => {
    for (;;) {
      const answer = await client.post(url);
      if (!isPending(answer.json.status)) return answer;
      if (Date.now() > end)
        throw new AcmeError("ACME_TOO_SLOW", `the certificate authority did not finish in ${LIMIT_MS / 1_000} s`);
      const wanted = retryAfterMs(answer) ?? SHORTEST_PAUSE_MS;
      await pause(Math.min(Math.max(wanted, SHORTEST_PAUSE_MS), LONGEST_PAUSE_MS));
    }
  };

const errorText = ({ error }: Readonly<Record<string, unknown>>): string => problemText(isRecord(error) ? error : {});
const text = (value: unknown): string => (typeof value === "string" ? value : "");
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const texts = (value: unknown): string[] => list(value).map(text);
const records = (value: unknown): Record<string, unknown>[] => list(value).filter(isRecord);
