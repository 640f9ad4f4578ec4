import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";

interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/**
 * Stands before the local cloud and gives Terraform's AWS provider what it needs and Eucalyptus does not have: otherwise
 * there would be nothing to compare with, since on a Eucalyptus it can neither start a server nor allocate an address.
 * Everything else goes through as it came, and our own calls all do.
 */
export function createLenientFront(backend: string, keys: Keys): Server {
  return createServer((incoming, response) => {
    void bodyOf(incoming).then(async (body) => {
      const isQuery = (incoming.url ?? "").startsWith("/services/compute");
      const params = new URLSearchParams(isQuery ? body.toString("utf8") : "");
      const canned = CANNED.find(({ isFor }) => isFor(params));
      if (canned) return answer(response, canned.body(params));
      const names = [...params.keys()].filter((name) => name.startsWith("HibernationOptions"));
      if (names.length === 0) return forward(backend, incoming, headersOf(incoming), body, response);
      for (const name of names) params.delete(name);
      const changed = Buffer.from(params.toString());
      forward(backend, incoming, await signed(backend, incoming, changed, keys), changed, response);
    });
  });
}

interface Canned {
  readonly isFor: (params: URLSearchParams) => boolean;
  readonly body: (params: URLSearchParams) => string;
}

const NAMESPACE = "http://ec2.amazonaws.com/doc/2016-11-15/";
const wrapped = (action: string, inner: string) =>
  `<${action}Response xmlns="${NAMESPACE}"><requestId>bench</requestId>${inner}</${action}Response>`;

/** What the provider insists on (5.100.0), in AWS's shape. */
const CANNED: readonly Canned[] = [
  {
    isFor: (params) => params.get("Action") === "DescribeAddressesAttribute",
    body: () => wrapped("DescribeAddressesAttribute", "<addressSet/>"),
  },
  {
    isFor: (params) => params.get("Action") === "DescribeInstanceTypes" && params.has("InstanceType.1"),
    body: (params) =>
      wrapped(
        "DescribeInstanceTypes",
        `<instanceTypeSet><item><instanceType>${params.get("InstanceType.1")}</instanceType></item></instanceTypeSet>`,
      ),
  },
  {
    isFor: (params) => params.get("Attribute") === "disableApiStop",
    body: (params) =>
      wrapped(
        "DescribeInstanceAttribute",
        `<instanceId>${params.get("InstanceId")}</instanceId><disableApiStop><value>false</value></disableApiStop>`,
      ),
  },
];

async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(incoming as AsyncIterable<Buffer>));
}

/** As they came, in their spelling: the signature covers them. */
function headersOf({ rawHeaders }: IncomingMessage): Record<string, string> {
  const pairs = Array.from({ length: rawHeaders.length / 2 }, (_, index) => rawHeaders.slice(2 * index, 2 * index + 2));
  return Object.fromEntries(pairs);
}

async function signed(backend: string, { url }: IncomingMessage, body: Buffer, keys: Keys) {
  const signer = new SignatureV4({ service: "ec2", region: "eucalyptus", credentials: keys, sha256: Sha256 });
  const { host, hostname, port } = new URL(backend);
  const headers = { host, "content-type": "application/x-www-form-urlencoded", "content-length": String(body.length) };
  const request = { method: "POST", protocol: "http:", hostname, port: Number(port), path: url ?? "/", headers, body };
  return (await signer.sign(request)).headers;
}

function answer(response: ServerResponse, body: string) {
  response.writeHead(200, { "Content-Type": "application/xml", "Content-Length": Buffer.byteLength(body) }).end(body);
}

function forward(
  backend: string,
  { method, url }: IncomingMessage,
  headers: Record<string, string>,
  body: Buffer,
  response: ServerResponse,
) {
  const { hostname, port } = new URL(backend);
  request({ hostname, port, method, path: url, headers, agent: false })
    .on("response", (behind) => {
      response.writeHead(behind.statusCode ?? 500, behind.rawHeaders);
      behind.pipe(response);
    })
    .on("error", () => response.destroy())
    .end(body);
}
