/** A refusal in the cloud's own words. */
export interface Fault {
  readonly code: string;
  readonly message: string;
  /** "" where the cloud gave none. */
  readonly requestId: string;
}

/** EC2's two envelopes, STS', and S3's. */
const ENVELOPE = /^\s*(?:<\?xml[^>]*\?>)?\s*<(Response|ErrorResponse|Error)(?:\s[^>]*)?>[\s\S]*<\/\1>\s*$/;

/**
 * Code and message of a whole fault; undefined for anything else, such as a front end's page. Not an XML parser on
 * purpose: pipeline faults are text/plain and escape only `<` and `>`, so an `&` in their message makes them ill-formed.
 * Source: Corymbia/eucalyptus `NioServerHandler.java`, `ErrorHandlerSupport.java`.
 */
export function parseFault(body: string): Fault | undefined {
  const code = element(body, "Code");
  if (!ENVELOPE.test(body) || code === "") return undefined;
  const message = element(body, "Message");
  return { code, message: message === "" ? "refused without a text" : message, requestId: requestIdIn(body) };
}

/** The id in an answer's body. A pipeline fault repeats its message in that place: an id has no blanks. */
export function requestIdIn(body: string): string {
  const [, id = ""] = /<(?:\w+:)?requestId>\s*([^<]*?)\s*</i.exec(body) ?? [];
  return /^[\w-]{1,64}$/.test(id) ? id : "";
}

function element(body: string, name: string): string {
  const [, text = ""] = new RegExp(`<${name}>([\\s\\S]*?)</${name}>`).exec(body) ?? [];
  return unescapeXml(text).trim();
}

const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

function unescapeXml(text: string): string {
  return text.replaceAll(/&(lt|gt|amp|quot|apos);/g, (whole, name: string) => ENTITIES[name] ?? whole);
}
