import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { faultAnswer, sendAnswer } from "../wire/answer.ts";
import { bodyChunks, drain, isAbandoned, readBody } from "../wire/body.ts";
import { PipelineFault } from "../wire/faults.ts";
import type { Credentials } from "../wire/queryAuthentication.ts";
import { sha256 } from "../wire/signature.ts";
import { exactHeaderOf, headerOf, type RequestHead } from "../wire/target.ts";
import { element } from "../wire/xml.ts";
import type { World } from "../world/world.ts";
import { authenticateS3, type S3Identity } from "./authentication.ts";
import { corsHeadersFor } from "./cors.ts";
import { contentHashMismatch, internalError, malformedPost, methodNotAllowed, S3Error } from "./errors.ts";
import { reportFallThrough } from "./fallThrough.ts";
import { isFormUpload, readFormUpload } from "./formUpload.ts";
import type { ObjectBytes, StoredBytes } from "./objectBytes.ts";
import type { Operation, S3Answer, S3Request } from "./operation.ts";
import { knownParameters, type Level, operationName } from "./operationName.ts";
import { postObject } from "./operations/postObject.ts";
import { OPERATIONS } from "./operations.ts";
import { decodeChunks } from "./streamingChunks.ts";
import { s3Target } from "./target.ts";
import { callerOfForm } from "./uploadPolicy.ts";
import { emptyAnswer } from "./xmlAnswer.ts";

/** Names that count, in this spelling alone. */
const CONDITIONS = ["If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since", "Range"];
/** Bytes of a body that is not an object's (`objectstorage.max_metadata_request_size`). */
const SMALL_BODY_LIMIT_BYTES = 300 * 1024;

export interface S3Surroundings {
  readonly world: World;
  readonly bytes: ObjectBytes;
  readonly credentials: Credentials;
  readonly save: () => Promise<void>;
  readonly log: (line: string) => void;
  readonly refuseFallThroughs: boolean;
  /** Performs the operation; undefined when the client has got another answer, or gets none. */
  readonly perform: (
    operation: string,
    request: S3Request,
    act: () => Promise<S3Answer>,
  ) => Promise<S3Answer | undefined>;
  readonly onRefusal: (code: string) => void;
}

interface Call {
  readonly operation: Operation;
  readonly request: S3Request;
  readonly identity: S3Identity;
  /** The bytes to store, where they are not the whole body. */
  readonly content?: AsyncIterable<Buffer>;
}

/** One request from its proof to the last byte of its answer. Refusals are rendered here only. */
export async function handleS3(
  head: RequestHead,
  prefix: string,
  incoming: IncomingMessage,
  response: ServerResponse,
  surroundings: S3Surroundings,
): Promise<void> {
  const form = isFormUpload(head) ? bodyChunks(incoming)[Symbol.asyncIterator]() : undefined;
  try {
    if (!isTaken(head)) throw new PipelineFault(404, "unknown");
    const call = form ? await identifyForm(head, prefix, form, surroundings) : identify(head, prefix, surroundings);
    const act = () => perform(call, incoming, surroundings);
    const answer = await surroundings.perform(call.operation.name, call.request, act);
    if (answer) await send(response, head.method, answer, surroundings.bytes);
  } catch (error) {
    await form?.return?.(); // or nobody could read the rest
    if (isAbandoned(incoming)) return;
    drain(incoming);
    surroundings.onRefusal(error instanceof PipelineFault || error instanceof S3Error ? error.code : "InternalError");
    refuse(response, head, prefix, error, surroundings.log);
  }
}

/** No pipeline takes another verb, or a POST that is neither a form nor has a query. Source: Corymbia/eucalyptus `OSGUtil.java`. */
function isTaken(head: RequestHead): boolean {
  if (head.method === "POST") return head.query.length > 0 || isFormUpload(head);
  return ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"].includes(head.method);
}

function identify(head: RequestHead, prefix: string, surroundings: S3Surroundings): Call {
  const { world, bytes, credentials } = surroundings;
  const identity = authenticateS3(head, prefix, credentials, world.now());
  const { bucketName, key } = s3Target(headerOf(head, "host") ?? "", head.path, prefix);
  const level: Level = bucketName === "" ? "service" : key === "" ? "bucket" : "object";
  const parameters = knownParameters(level, head.query);
  const operation = operationOf(level, head);
  const { method, path, query } = head;
  const facts = { level, method, path, query, meaning: operation.name };
  reportFallThrough(facts, surroundings.refuseFallThroughs, surroundings.log);
  const { caller } = identity;
  const unused: string[] = [];
  const request = {
    ...{ world, bytes, caller, head, bucketName, key, parameters, unused },
    body: Buffer.alloc(0),
    stored: undefined,
  };
  return { operation, request, identity };
}

/** The fields of a form say who asks for what: they become the head of a PutObject. */
async function identifyForm(
  head: RequestHead,
  prefix: string,
  source: AsyncIterator<Buffer>,
  { world, bytes, credentials }: S3Surroundings,
): Promise<Call> {
  const { bucketName, key: pathKey } = s3Target(headerOf(head, "host") ?? "", head.path, prefix);
  const parameters = knownParameters("bucket", head.query);
  if (bucketName === "" || pathKey !== "" || parameters.size > 0) throw methodNotAllowed(requestText(head));
  const { fields, content } = await readFormUpload(head, source);
  const form = new Map([["bucket", bucketName], ...fields]);
  const caller = callerOfForm(form, credentials, world.now());
  const key = form.get("key")?.replace(/\$\{filename\}/g, () => form.get("file") ?? "") ?? "";
  if (key === "") throw malformedPost("The form names no key");
  const headers = Object.entries({
    "Content-Length": headerOf(head, "content-length"),
    "Content-Type": form.get("Content-Type"),
    "x-amz-acl": form.get("acl"),
  }).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  const request = {
    ...{ world, bytes, caller, bucketName, key, parameters, form },
    head: { ...head, headers },
    unused: [],
    body: Buffer.alloc(0),
    stored: undefined,
  };
  return { operation: postObject, request, identity: { caller }, content };
}

/** A DELETE that means nothing, or fails to, is 204 without effect, even where there is no bucket. */
function operationOf(level: Level, head: RequestHead): Operation {
  const isCopy = headerOf(head, "x-amz-copy-source") !== undefined;
  const isConditional = CONDITIONS.some((name) => exactHeaderOf(head, name) !== undefined);
  try {
    const operation = OPERATIONS.get(operationName(level, head.method, head.query, { isCopy, isConditional }) ?? "");
    if (operation) return operation;
  } catch (error) {
    if (head.method !== "DELETE") throw error;
  }
  if (head.method === "DELETE") return { name: "DeleteNothing", run: () => emptyAnswer(204) };
  throw methodNotAllowed(requestText(head));
}

async function perform(call: Call, incoming: IncomingMessage, surroundings: S3Surroundings): Promise<S3Answer> {
  const { operation, request } = call;
  operation.check?.(request);
  const stored = operation.storesBody ? await storeBody(call, incoming, surroundings.bytes) : undefined;
  const body = operation.storesBody ? Buffer.alloc(0) : await smallBody(call, incoming);
  try {
    const { head, world, bucketName } = request;
    const page = corsHeadersFor(world.state.buckets.get(bucketName), head); // the rules from before a change of them
    const plain = await operation.run({ ...request, body, stored });
    const answer = { ...plain, headers: { ...plain.headers, ...page } };
    if (request.head.method !== "GET" && request.head.method !== "HEAD") {
      await surroundings.save(); // only then may the old bytes go
      await surroundings.bytes.remove(request.unused);
    }
    return answer;
  } catch (error) {
    if (stored && error instanceof S3Error) await surroundings.bytes.remove([stored.file]);
    throw error;
  }
}

/** A PUT of an object with a query string goes the way of small bodies; parts of an upload do not. */
async function storeBody(call: Call, incoming: IncomingMessage, bytes: ObjectBytes): Promise<StoredBytes> {
  const { head, parameters } = call.request;
  if (call.content) return bytes.store(call.content);
  if (head.query.length > 0 && !parameters.has("uploadId")) return bytes.store([await smallBody(call, incoming)]);
  const { chunks, bodySha256, decodedLength } = call.identity;
  const sent = bodyChunks(incoming);
  const stored = await bytes.store(chunks ? cut(decodeChunks(sent, chunks), decodedLength) : sent);
  if (bodySha256 === undefined || bodySha256 === stored.sha256) return stored;
  await bytes.remove([stored.file]);
  throw contentHashMismatch();
}

/** What is longer than it said is cut: observed on Eucalyptus 5.1.0, 2026-11-28. */
async function* cut(chunks: AsyncIterable<Buffer>, length: number | undefined): AsyncGenerator<Buffer> {
  let left = length ?? Number.POSITIVE_INFINITY;
  for await (const chunk of chunks) {
    if (left > 0) yield chunk.subarray(0, left);
    left -= chunk.length;
  }
}

async function smallBody({ identity, request }: Call, incoming: IncomingMessage): Promise<Buffer> {
  const sent = await readBody(incoming, SMALL_BODY_LIMIT_BYTES);
  const body = identity.chunks ? await decoded(sent, identity.chunks) : sent;
  const isChecked = request.head.method === "PUT" || request.head.method === "POST";
  if (isChecked && identity.bodySha256 !== undefined && identity.bodySha256 !== sha256(body))
    throw contentHashMismatch();
  return body;
}

async function decoded(sent: Buffer, chunks: NonNullable<S3Identity["chunks"]>): Promise<Buffer> {
  async function* source() {
    yield sent;
  }
  return Buffer.concat(await Array.fromAsync(decodeChunks(source(), chunks)));
}

async function send(response: ServerResponse, method: string, answer: S3Answer, bytes: ObjectBytes): Promise<void> {
  const { status, headers = {}, body, cutAt } = answer;
  const common = { "x-amz-request-id": randomUUID(), ...headers };
  if (body === undefined) {
    const length = method === "HEAD" || status === 204 || status === 304 ? {} : { "Content-Length": "0" };
    response.writeHead(status, { ...length, ...common });
    response.end();
  } else if (typeof body === "string") {
    const whole = { status, headers: { ...common, Connection: "close" }, body };
    sendAnswer(response, cutAt === undefined ? whole : { ...whole, cutAt });
  } else {
    const length = cutAt ?? body.length;
    const stream = length > 0 ? await bytes.stream(body.file, body.start, length) : undefined;
    response.writeHead(status, { ...common, "Content-Length": body.length, Connection: "close" });
    if (stream) await pipeline(stream, response, { end: cutAt === undefined });
    if (cutAt !== undefined) response.destroy();
    else if (!stream) response.end();
  }
}

/** Source: Corymbia/eucalyptus `ObjectStorageRESTExceptionHandler.java`, `osg-nons-binding-inc.xml`. */
function refuse(
  response: ServerResponse,
  head: RequestHead,
  prefix: string,
  error: unknown,
  log: (line: string) => void,
): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  if (error instanceof PipelineFault) {
    sendAnswer(response, faultAnswer(error));
    return;
  }
  if (!(error instanceof S3Error)) log(`defect in S3: ${error instanceof Error ? error.stack : error}`);
  const known = error instanceof S3Error ? error : internalError();
  const requestId = randomUUID();
  const { code: Code, message: Message, resource, details } = known;
  const Resource = resource === null ? undefined : (resource ?? resourceOf(head, prefix));
  const content = { Code, Message, Resource, ...details, RequestId: requestId };
  const body = `<?xml version="1.0" encoding="UTF-8" ?>${element("Error", content, "repeat")}`;
  const isHead = head.method === "HEAD";
  response.writeHead(known.status, {
    ...(!isHead && { "Content-Type": "application/xml", "Content-Length": Buffer.byteLength(body) }),
    "x-amz-request-id": requestId,
    Connection: "close",
  });
  response.end(isHead ? undefined : body);
}

const requestText = ({ method, target }: RequestHead): string => `${method} ${target}`;

/** `bucket` or `bucket/key`. */
function resourceOf(head: RequestHead, prefix: string): string {
  try {
    const { bucketName, key } = s3Target(headerOf(head, "host") ?? "", head.path, prefix);
    return key === "" ? bucketName : `${bucketName}/${key}`;
  } catch {
    return exactHeaderOf(head, "Host") ?? "";
  }
}
