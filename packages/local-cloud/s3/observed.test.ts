import { readFileSync } from "node:fs";
import { STATUS_CODES } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { exchange, hashOf, type Reply, type Sent, signedV4 } from "../testing/s3Client.ts";
import { startTestCloud, type TestCloud } from "../testing/testCloud.ts";

interface Row {
  readonly name: string;
  /** Verb and path below `base`, with its query. */
  readonly request: string;
  /** Default: the service's path. */
  readonly base?: string;
  /** Default: our one account. */
  readonly as?: "nobody" | "unknown key" | "wrong secret";
  readonly clockMinutes?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | { readonly repeat: string; readonly times: number };
  /** What was signed, where that is not the body. */
  readonly signedBody?: string;
  readonly first?: "empty the bucket";
  readonly keep?: string;
  readonly answer: Expected;
}

interface Expected {
  readonly status: number;
  readonly code?: string;
  readonly message?: string;
  readonly resource?: string;
  readonly details?: readonly string[];
  readonly fault?: string;
  readonly xml?: string;
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Observed {
  /** The whole answer is compared. */
  readonly whole: readonly Row[];
  /** Only what the row names. */
  readonly parts: readonly Row[];
  readonly unlike: readonly { readonly what: string; readonly reason: string }[];
}

const rowsOf = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../testdata/${name}`, import.meta.url), "utf8"));
const { whole, parts, unlike } = rowsOf("observed-s3.json") as Observed;
/** What follows from the source where nothing was observed. */
const { parts: read } = rowsOf("read-s3.json") as { readonly parts: readonly (Row & { readonly source: string })[] };
const BUCKET = "observed";
const COMPARED_HEADERS = [
  ...["content-type", "content-length", "etag", "cache-control", "content-disposition", "content-encoding"],
  ...["content-range", "last-modified", "expires", "x-amz-request-id"],
];
/** What is different in each answer, and what is the same in all. */
const MASKS: readonly (readonly [RegExp, string])[] = [
  [/^<\?xml[^>]*>\s*/, ""],
  [/ xmlns(?::xsi)?="[^"]*"/g, ""],
  [/<ID>[0-9a-f]{64}<\/ID><DisplayName>planet<\/DisplayName>/g, "{owner}"],
  [/<LastModified>[^<]*<\/LastModified>/g, "{modified}"],
  [/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "{time}"],
  [/<StorageClass>STANDARD<\/StorageClass>/g, "{standard}"],
  [
    /<(AWSAccessKeyId|StringToSign|SignatureProvided|StringToSignBytes|CanonicalRequest(?:Bytes)?)>[^<]*<\/\1>/g,
    "<$1>",
  ],
  [/<RequestId>[^<]*<\/RequestId>/g, "<RequestId/>"],
  [/^<([A-Za-z]+)><\/\1>$/, "<$1/>"], // an empty element is written in both ways
];

describe("S3 answers as Eucalyptus 5.1.0 did (proves each row of testdata/observed-s3.json and read-s3.json)", () => {
  const replies = new Map<Row, Reply>();
  let running: TestCloud;

  beforeAll(async () => {
    running = await startTestCloud();
    await ask({ name: "", request: "PUT /euca-planet", answer: { status: 200 } });
    for (const row of [...whole, ...parts, ...read]) {
      if (row.first === "empty the bucket") await emptyBucket();
      replies.set(row, await ask(row));
    }
  }, 60_000);
  afterAll(() => running.close());

  const variables = new Map([["b", BUCKET]]);
  const filled = (text: string) => text.replace(/\{(\w+)\}/g, (all, name: string) => variables.get(name) ?? all);

  async function ask(row: Row): Promise<Reply> {
    const [method = "", path = ""] = filled(row.request).split(/ (.*)/s);
    const url = running.endpoint + (row.base ?? "/services/objectstorage") + path;
    const body = typeof row.body === "object" ? row.body.repeat.repeat(row.body.times) : filled(row.body ?? "");
    const headers = Object.fromEntries(Object.entries(row.headers ?? {}).map(([name, value]) => [name, filled(value)]));
    const isChunked = headers["Transfer-Encoding"] !== undefined;
    const length =
      ["PUT", "POST"].includes(method) && !isChunked ? { "Content-Length": String(Buffer.byteLength(body)) } : {};
    const sent: Sent = { method, url, headers: { ...length, ...headers }, ...(body !== "" && { body }) };
    const reply = await exchange(row.as === "nobody" ? sent : signed(row, sent));
    if (row.keep !== undefined) variables.set(row.keep, elementOf(reply.text, row.keep) ?? "");
    return reply;
  }

  function signed(row: Row, sent: Sent): Sent {
    const { credentials } = running.cloud;
    const keys = {
      ...credentials,
      ...(row.as === "unknown key" && { accessKeyId: "AKNOPE" }),
      ...(row.as === "wrong secret" && { secretAccessKey: "x" }),
    };
    const now = new Date(Date.now() + (row.clockMinutes ?? 0) * 60_000);
    return signedV4(sent, keys, hashOf(row.signedBody ?? sent.body ?? ""), now).signed;
  }

  async function emptyBucket(): Promise<void> {
    const { text } = await ask({ name: "", request: "GET /{b}", answer: { status: 200 } });
    for (const [, key = ""] of text.matchAll(/<Key>([^<]*)<\/Key>/g)) {
      const path = encodeURIComponent(decoded(key)).replaceAll("%2F", "/");
      await ask({ name: "", request: `DELETE /{b}/${path}`, answer: { status: 204 } });
    }
  }

  test.each(whole)("$name: $request", (row) => {
    const reply = replies.get(row);
    expect(reply && wholeAnswer(reply)).toEqual(wholeExpected(row, filled));
  });

  test.each(parts)("$name: $request", (row) => {
    const reply = replies.get(row);
    expect(reply && partsOf(reply, row.answer)).toEqual(filledIn(row.answer, filled));
  });

  test.each(read)("read in $source: $name: $request", (row) => {
    const reply = replies.get(row);
    expect(reply && partsOf(reply, row.answer)).toEqual(filledIn(row.answer, filled));
  });

  test.each(unlike)("what is not alike has a reason: $what", ({ what, reason }) => {
    expect([what.length > 10, reason.length > 20]).toEqual([true, true]);
  });
});

const elementOf = (text: string, name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1];
const decoded = (text: string) =>
  text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&amp;", "&");
const masked = (text: string) => MASKS.reduce((so, [pattern, by]) => so.replace(pattern, by), text);

function comparedHeaders({ headers }: Reply): Record<string, string> {
  const named = COMPARED_HEADERS.flatMap((name) =>
    headers[name] === undefined ? [] : [[name, String(headers[name])]],
  );
  const known = Object.fromEntries(named) as Record<string, string>;
  for (const name of ["last-modified", "x-amz-request-id"]) if (known[name] !== undefined) known[name] = "*";
  return known;
}

function wholeAnswer(reply: Reply) {
  const headers = comparedHeaders(reply);
  if (reply.text.startsWith("<")) headers["content-length"] = "*";
  return { status: reply.status, headers, server: reply.headers.server, body: masked(reply.text) };
}

function wholeExpected({ request, answer }: Row, filled: (text: string) => string) {
  const body = expectedBody(answer);
  const isXml = body.startsWith("<");
  const hasNoBody = body === "" && answer.status === 200 && !request.startsWith("HEAD ");
  return {
    status: answer.status,
    server: "Eucalyptus/5.1.0",
    body: masked(filled(body)),
    headers: {
      ...(isXml && { "content-type": "application/xml", "content-length": "*" }),
      ...(hasNoBody && { "content-length": "0" }),
      ...(answer.fault === undefined ? { "x-amz-request-id": "*" } : { "content-type": "text/plain; charset=UTF-8" }),
      ...answer.headers,
    },
  };
}

function expectedBody({ status, code, message, resource, details = [], fault, xml, text = "" }: Expected): string {
  if (fault !== undefined) {
    const error = `<Error><Code>${status} ${STATUS_CODES[status]}</Code><Message>${fault}</Message></Error>`;
    return `<Response><Errors>${error}</Errors><RequestID>${fault}</RequestID></Response>`;
  }
  if (code === undefined) return xml ?? text;
  const more = details.map((name) => `<${name}>`).join("");
  const named = resource === undefined ? "" : resource === "" ? "<Resource/>" : `<Resource>${resource}</Resource>`;
  return `<Error><Code>${code}</Code><Message>${message}</Message>${named}${more}<RequestId/></Error>`;
}

/** Of the answer, what the row speaks of. */
function partsOf(reply: Reply, answer: Expected) {
  const error = { code: "Code", message: "Message", resource: "Resource" } as const;
  const named = Object.entries(error).filter(([key]) => key in answer);
  const headers = Object.keys(answer.headers ?? {}).map((name) => [name, reply.headers[name]]);
  return {
    status: reply.status,
    ...Object.fromEntries(named.map(([key, element]) => [key, decoded(elementOf(reply.text, element) ?? "")])),
    ...("text" in answer && { text: reply.text }),
    ...("xml" in answer && { xml: masked(reply.text) }),
    ...("headers" in answer && { headers: Object.fromEntries(headers) }),
  };
}

function filledIn(answer: Expected, filled: (text: string) => string): unknown {
  return JSON.parse(filled(JSON.stringify(answer)));
}
