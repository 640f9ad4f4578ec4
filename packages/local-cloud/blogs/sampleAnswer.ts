import { BLOG_HOSTS } from "./catalogue.ts";
import { blogAnswer } from "./server.ts";

/** `broken` fails in several ways in turn; here always with its 500, so that equal runs end equally. */
const TURN = 2;

/** One answer, names of headers in lower case. */
interface SampleAnswer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
  /** Bytes as they would come over the wire. */
  readonly wireBytes: number;
}

/** What the sample blogs answer, without the cloud that serves them. No DNS knows names that end in `.test` (RFC 6761). */
export function sampleAnswer(url: URL, headers: Readonly<Record<string, string>>): SampleAnswer | undefined {
  if (!BLOG_HOSTS.includes(url.hostname)) return undefined;
  const answer = blogAnswer(url.hostname, `${url.pathname}${url.search}`, headers["If-None-Match"], TURN);
  const names = Object.entries(answer.headers).map(([name, value]) => [name.toLowerCase(), value]);
  const body = Buffer.from(answer.body);
  return { status: answer.status, headers: Object.fromEntries(names), body, wireBytes: body.length };
}
