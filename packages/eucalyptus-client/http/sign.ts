import { createHash } from "node:crypto";
import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import type { Connection } from "../connection.ts";
import type { HttpRequest } from "./exchange.ts";

/** A request for {@link HttpRequest} before its target is one text. */
export interface Unsigned {
  readonly method: string;
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number | undefined;
  /** Encoded as it goes on the wire. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>> | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | undefined;
}

/** Makes signatures of version 4 in the cloud's time. Also handed to the AWS SDK in place of its own. */
export function createSigner({ region, credentials }: Connection, service: string): SignatureV4 {
  return new SignatureV4({
    service,
    region,
    credentials: { ...credentials },
    sha256: Sha256,
    uriEscapePath: false, // the path is signed as sent: Corymbia/eucalyptus `S3V4Authentication.java`
    applyChecksum: false,
  });
}

/** Signs the request; header names stay as given and get `Host`, `X-Amz-Date`, `X-Amz-Content-Sha256`, `Authorization`, and `X-Amz-Security-Token` for temporary keys. */
export async function sign(request: Unsigned, connection: Connection, service: string): Promise<HttpRequest> {
  const { method, protocol, hostname, port, path, body } = request;
  const query = { ...request.query };
  const headers: Record<string, string> = {
    ...request.headers,
    Host: port ? `${hostname}:${port}` : hostname,
    "X-Amz-Content-Sha256": createHash("sha256")
      .update(body ?? "")
      .digest("hex"),
  };
  const signed = await createSigner(connection, service).sign(
    { method, protocol, hostname, ...(port && { port }), path, query, headers, ...(body && { body }) },
    { signingDate: connection.clock.now() },
  );
  const token = signed.headers["x-amz-security-token"];
  if (token !== undefined) headers["X-Amz-Security-Token"] = token;
  headers["X-Amz-Date"] = signed.headers["x-amz-date"] ?? "";
  headers.Authorization = signed.headers.authorization ?? "";
  return { method, protocol, hostname, port, target: `${path}${queryText(query)}`, headers, body };
}

/** Percent-encodes all but the unreserved characters; a `+` would be read as a space by the cloud. */
export function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

function queryText(query: Readonly<Record<string, string>>): string {
  const words = Object.entries(query).map(([name, value]) =>
    value === "" ? encode(name) : `${encode(name)}=${encode(value)}`,
  );
  return words.length === 0 ? "" : `?${words.toSorted().join("&")}`;
}
