/** RFC 1035, section 4: as much of it as a question for a load balancer's address needs. */
const HEADER_BYTES = 12;
const TYPE_A = 1;
const TYPE_ANY = 255;
const CLASS_IN = 1;
const CODES = { ok: 0, malformed: 1, noSuchName: 3, refused: 5 } as const;
const IS_ANSWER = 0x8000;
const IS_AUTHORITATIVE = 0x0400;
const OPERATION = 0x7800;
const IS_RECURSION_WANTED = 0x0100;

/** `loadbalancer_dns_ttl` of a new cloud. */
const TTL_SECONDS = 60;

/** What a name leads to: no address yet, or no such name; or it is none of this server's. */
export type Found = { readonly addresses: readonly string[] } | "no such name" | "refused";

/** @returns what to send back; nothing to what is no question */
export function answerTo(message: Buffer, find: (name: string) => Found): Buffer | undefined {
  if (message.length < HEADER_BYTES) return undefined;
  const flags = message.readUInt16BE(2);
  if ((flags & IS_ANSWER) !== 0) return undefined;
  const question = (flags & OPERATION) === 0 && message.readUInt16BE(4) === 1 ? questionIn(message) : undefined;
  if (!question) return header(message, CODES.malformed, 0, 0);
  const { name, type, bytes } = question;
  const found = find(name);
  if (found === "refused") return Buffer.concat([header(message, CODES.refused, 1, 0), bytes]);
  if (found === "no such name") return Buffer.concat([header(message, CODES.noSuchName, 1, 0), bytes]);
  const shown = type === TYPE_A || type === TYPE_ANY ? found.addresses : [];
  return Buffer.concat([header(message, CODES.ok, 1, shown.length), bytes, ...shown.map(addressRecord)]);
}

function header(message: Buffer, code: number, questions: number, answers: number): Buffer {
  const made = Buffer.alloc(HEADER_BYTES);
  const asked = message.readUInt16BE(2) & (OPERATION | IS_RECURSION_WANTED);
  made.writeUInt16BE(message.readUInt16BE(0), 0);
  made.writeUInt16BE(IS_ANSWER | IS_AUTHORITATIVE | asked | code, 2);
  made.writeUInt16BE(questions, 4);
  made.writeUInt16BE(answers, 6);
  return made;
}

/** Its bytes go back as they came: some resolvers hide a number in the case of the letters. */
function questionIn(message: Buffer): { name: string; type: number; bytes: Buffer } | undefined {
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (;;) {
    const length = message[at];
    if (length === undefined || length > 63) return undefined; // a pointer has no sense in the first name
    at += 1;
    if (length === 0) break;
    labels.push(message.subarray(at, at + length).toString("latin1"));
    at += length;
  }
  if (at + 4 > message.length || message.readUInt16BE(at + 2) !== CLASS_IN) return undefined;
  const bytes = message.subarray(HEADER_BYTES, at + 4);
  return { name: labels.join(".").toLowerCase(), type: message.readUInt16BE(at), bytes };
}

/** Of the name in the question. */
function addressRecord(address: string): Buffer {
  const record = Buffer.alloc(16);
  record.writeUInt16BE(0xc000 | HEADER_BYTES, 0);
  record.writeUInt16BE(TYPE_A, 2);
  record.writeUInt16BE(CLASS_IN, 4);
  record.writeUInt32BE(TTL_SECONDS, 6);
  record.writeUInt16BE(4, 10);
  for (const [index, part] of address.split(".").entries()) record[12 + index] = Number(part);
  return record;
}
