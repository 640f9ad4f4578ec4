import { PipelineFault } from "./faults.ts";

/** Bytes; longer ones are refused. Source: Corymbia/eucalyptus `StackConfiguration.java`. */
const REQUEST_LINE_LIMIT_BYTES = 4096;
const HEADERS_LIMIT_BYTES = 8192;

/** What every pipeline reads of a request. Header names keep the case they were sent in: S3 depends on it. */
export interface RequestHead {
  readonly method: string;
  /** Path and query as sent. */
  readonly target: string;
  /** As sent, still encoded. */
  readonly path: string;
  /** As sent, in order, form-decoded. */
  readonly query: readonly Parameter[];
  readonly headers: readonly Parameter[];
}

export type Parameter = readonly [name: string, value: string];

export const lineTooLong = (): PipelineFault =>
  new PipelineFault(400, `An HTTP line is larger than ${REQUEST_LINE_LIMIT_BYTES} bytes.`);

/** @throws {PipelineFault} when the request line or the headers are too long. */
export function requestHead(method: string, url: string, rawHeaders: readonly string[]): RequestHead {
  if (method.length + url.length + " HTTP/1.1".length + 1 > REQUEST_LINE_LIMIT_BYTES) throw lineTooLong();
  const headers: Parameter[] = [];
  let size = 0;
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const header = [rawHeaders[index] ?? "", rawHeaders[index + 1] ?? ""] as const;
    headers.push(header);
    size += header[0].length + header[1].length + ": \r\n".length;
  }
  if (size > HEADERS_LIMIT_BYTES) {
    throw new PipelineFault(400, `HTTP header is larger than ${HEADERS_LIMIT_BYTES} bytes.`);
  }
  const mark = url.indexOf("?");
  const path = withoutOrigin(mark < 0 ? url : url.slice(0, mark));
  return { method, target: url, path, query: mark < 0 ? [] : parseForm(url.slice(mark + 1)), headers };
}

/** A proxy-style request line names the whole URL. */
function withoutOrigin(target: string): string {
  return target.replace(/^https?:\/\/[^/]*/i, "") || "/";
}

export function parseForm(text: string): Parameter[] {
  return text
    .split("&")
    .filter((pair) => pair !== "")
    .map((pair) => {
      const mark = pair.indexOf("=");
      return mark < 0
        ? [parameterText(pair), ""]
        : [parameterText(pair.slice(0, mark)), parameterText(pair.slice(mark + 1))];
    });
}

/** With a broken percent escape it stays as it is (Corymbia/eucalyptus `MappingHttpRequest.java`). */
const parameterText = (text: string): string => formDecode(text) ?? text;

/** `undefined` on a broken percent escape. What is no UTF-8 becomes U+FFFD, as in Java. */
export function formDecode(text: string): string | undefined {
  const spaced = text.replaceAll("+", " ");
  if (/%(?![0-9a-f]{2})/i.test(spaced)) return undefined;
  try {
    return decodeURIComponent(spaced);
  } catch {
    const bytes = spaced.replace(/%(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
    return Buffer.from(bytes, "latin1").toString("utf8");
  }
}

/** The last header of that name in any case. */
export function headerOf(head: RequestHead, name: string): string | undefined {
  return head.headers.findLast(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
}

/** The last header of exactly that spelling. */
export function exactHeaderOf(head: RequestHead, name: string): string | undefined {
  return head.headers.findLast(([key]) => key === name)?.[1];
}

/** Repeated names: the last one counts (Corymbia/eucalyptus `QueryParameterHandler.java`). */
export function parameterOf(parameters: readonly Parameter[], name: string): string | undefined {
  return parameters.findLast(([key]) => key === name)?.[1];
}
