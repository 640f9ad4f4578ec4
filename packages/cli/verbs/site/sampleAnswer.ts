import type { Answer } from "@planet/aggregator";
import { BLOG_HOSTS, blogAnswer } from "@planet/local-cloud";

/** `broken` fails in several ways in turn; here always with its 500, so that equal runs end equally. */
const TURN = 2;

/** What the local cloud's sample blogs answer, without the cloud. No DNS knows names that end in `.test` (RFC 6761). */
export function sampleAnswer(url: URL, headers: Readonly<Record<string, string>>): Answer | undefined {
  if (!BLOG_HOSTS.includes(url.hostname)) return undefined;
  const answer = blogAnswer(url.hostname, `${url.pathname}${url.search}`, headers["If-None-Match"], TURN);
  const names = Object.entries(answer.headers).map(([name, value]) => [name.toLowerCase(), value]);
  const body = Buffer.from(answer.body);
  return { status: answer.status, headers: Object.fromEntries(names), body, wireBytes: body.length };
}
