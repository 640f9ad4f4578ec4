import type { ServerResponse } from "node:http";
import type { CloudVersion } from "../world/types.ts";
import type { PipelineFault } from "./faults.ts";

/** The `Server` of every answer: observed on Eucalyptus 5.1.0, 2026-11-28; that of 4.4 is read (`NioServerHandler.java`). */
export function serverHeader(version: CloudVersion | undefined): string {
  return version === "4.4" ? "Eucalyptus/4.4.6" : "Eucalyptus/5.1.0";
}

/** A whole answer in memory. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** So many characters of the body go out, and the connection breaks. */
  readonly cutAt?: number;
}

export function sendAnswer(response: ServerResponse, { status, headers, body, cutAt }: Answer): void {
  response.writeHead(status, { ...headers, "Content-Length": Buffer.byteLength(body) });
  if (cutAt === undefined) response.end(body);
  else response.write(body.slice(0, cutAt), () => response.destroy());
}

/**
 * The plain envelope of refusals before the service: `text/plain`, only `<` escaped, and the request id
 * repeats the message. Source: Corymbia/eucalyptus `NioServerHandler.java`, `Binding.java`.
 */
export function faultAnswer(fault: PipelineFault): Answer {
  const message = fault.message.replaceAll("<", "&lt;");
  const error = `<Errors><Error><Code>${fault.code}</Code><Message>${message}</Message></Error></Errors>`;
  return {
    status: fault.status,
    headers: { "Content-Type": "text/plain; charset=UTF-8", Connection: "close" },
    body: `<?xml version="1.0"?><Response>${error}<RequestID>${message}</RequestID></Response>`,
  };
}
