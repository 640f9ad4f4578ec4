import { ExplainedError } from "./explainedError.ts";
import { httpGet } from "./httpGet.ts";
import type { PublicObject, ReadObject } from "./published.ts";

/** Long enough for the largest file over a slow line, short enough for a preview that cannot succeed. */
const LIMITS = { timeoutMs: 20_000, limitBytes: 8_000_000 };

/**
 * Reads objects as everybody may: no credentials, so a preview needs none. On Eucalyptus a missing key is 404 to
 * everyone and a private one 403 (ObjectStorageGateway looks the object up before it asks for permission).
 * A page of a proxy or a login is neither: as a 404 it would read as an empty bucket, and live edits as nothing to lose.
 * @throws {ExplainedError} `UNREACHABLE` when the endpoint does not answer or answers something else.
 */
export function publicReader(bucketUrl: string): ReadObject {
  return async (key) => {
    const url = `${bucketUrl}/${key.split("/").map(encodeURIComponent).join("/")}`;
    const answer = await httpGet(url, LIMITS).catch((error: Error) => unreachable(url, reasonOf(error)));
    if (answer.storageRequest === "")
      unreachable(url, `what answered ${answer.status} there is not the object storage`);
    return toObject(answer) ?? unreachable(url, `it answered ${answer.status}`);
  };
}

function toObject({ status, body, modified }: Awaited<ReturnType<typeof httpGet>>): PublicObject | undefined {
  if (status === 200) return { state: "present", bytes: body, modified };
  if (status === 404) return { state: "missing" };
  return status === 403 ? { state: "forbidden" } : undefined;
}

/** A refused connection to a name with several addresses has an empty message and a code. */
const reasonOf = (error: Error & { code?: string }): string => error.message || (error.code ?? error.name);

function unreachable(url: string, reason: string): never {
  throw new ExplainedError("UNREACHABLE", {
    what: `The object storage does not answer: ${url}`,
    why: `Reason: ${reason}.`,
    next: "Look at planet:endpoint and at the network, proxies included; for the local cloud, `npm start` starts it. Nothing was changed.",
  });
}
