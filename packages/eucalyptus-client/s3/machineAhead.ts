import { CloudError } from "../cloudError.ts";
import { parseEndpoint } from "../http/endpoint.ts";
import { exchange } from "../http/exchange.ts";
import { serviceUrls } from "../serviceUrls.ts";

/**
 * How many ms this machine is ahead of the endpoint's `Date`, half the way there and back taken off. Needs no keys.
 * @throws {CloudError} when nothing answers, or not at the path of the object storage.
 */
export async function machineAhead(endpoint: string, { timeoutMs }: { readonly timeoutMs: number }): Promise<number> {
  const url = serviceUrls(endpoint).s3;
  const action = "the first question";
  const { path, ...place } = parseEndpoint(url);
  const sent = Date.now();
  const request = { ...place, method: "GET", target: `${path}/`, headers: {} };
  const { status, headers } = await exchange(request, { action, url: endpoint, timeoutMs });
  if (status === 404) {
    const message = `${url}: nothing is at the path of a Eucalyptus' object storage`;
    throw new CloudError({ code: "HTTP 404", status, action, message, next: "Is it the front end's host and port?" });
  }
  const date = Date.parse(headers.date ?? "");
  return Number.isNaN(date) ? 0 : Math.round((sent + Date.now()) / 2 - date);
}
