import { parseEndpoint } from "../http/endpoint.ts";
import { exchange } from "../http/exchange.ts";
import { objectFacts, type StoredObject, unlessMissing } from "./objects.ts";
import { refuseFaults } from "./request.ts";

/**
 * Reads a URL as any visitor does, without keys. Undefined when there is nothing (404); an object that exists and is
 * not public is a {@link CloudError} with status 403.
 */
export async function readPublicObject(
  url: string,
  options: { readonly timeoutMs?: number; readonly cancelled?: AbortSignal } = {},
): Promise<StoredObject | undefined> {
  const { timeoutMs = 30_000, cancelled } = options;
  const { protocol, hostname, port } = parseEndpoint(url);
  const { pathname, search } = new URL(url);
  const action = `GET ${url}`;
  const request = { method: "GET", protocol, hostname, port, target: `${pathname}${search}`, headers: {} };
  const answer = await unlessMissing(
    exchange(request, { action, timeoutMs, cancelled }).then((a) => refuseFaults(a, action)),
  );
  return answer && { ...objectFacts(answer.headers), size: answer.body.length, bytes: answer.body };
}
