import { ask, reading } from "../http/ask.ts";
import { parseEndpoint } from "../http/endpoint.ts";
import type { HttpAnswer } from "../http/exchange.ts";
import { ownStorageAnswer } from "../http/ownAnswer.ts";
import { type Question, repeated } from "../http/repeated.ts";
import { type StoredObject, storedObject, unlessMissing } from "./objects.ts";

/** Readers ask for many objects: one that breaks off is asked again, and a storage that is silent is so once. */
const PATIENCE_MS = 10_000;

/**
 * Reads a URL as any visitor does, without keys. Undefined when the storage says that there is nothing; an object that
 * exists and is not public is a {@link CloudError} with status 403, and whatever is not the storage's a `ForeignAnswer`.
 */
export function readPublicObject(
  url: string,
  { timeoutMs = 30_000 }: { readonly timeoutMs?: number } = {},
): Promise<StoredObject | undefined> {
  const { protocol, hostname, port } = parseEndpoint(url);
  const { pathname, search } = new URL(url);
  const question: Question = { action: `GET ${url}`, url, repetition: "read" };
  const request = { method: "GET", protocol, hostname, port, target: `${pathname}${search}`, headers: {} };
  const manner = { timeoutMs, patienceMs: PATIENCE_MS };
  const found = repeated(manner, question, async (of) => {
    const prove = (answer: HttpAnswer) => ownStorageAnswer(answer, question, false);
    const { answer } = await ask(manner, question, of, request, prove);
    return reading(answer, question, () => storedObject(answer));
  });
  return unlessMissing(found);
}
