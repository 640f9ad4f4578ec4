import { isIPv4 } from "node:net";
import { domainToASCII } from "node:url";

/** Why a value is refused, as the rest of a sentence that begins with the key. */
export class FieldError extends Error {}

type Read<T> = (text: string) => T;

/** A required setting. `meaning` says what to write. */
export function required<T>(read: Read<T>, meaning: string): { read: (text: string | undefined) => T } {
  return {
    read(text) {
      if (text === undefined || text === "") throw new FieldError(`is missing: ${meaning}`);
      return read(text);
    },
  };
}

export function optional<T>(read: Read<T>, fallback: T): { read: (text: string | undefined) => T; fallback: T } {
  return { fallback, read: (text) => (text === undefined ? fallback : read(text)) };
}

export const orEmpty =
  (read: Read<string>): Read<string> =>
  (text) =>
    text === "" ? "" : read(text);

const matching =
  (pattern: RegExp, expected: string): Read<string> =>
  (text) => {
    if (!pattern.test(text)) throw new FieldError(`is "${text}", expected ${expected}`);
    return text;
  };

export const word = matching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'a name of letters, digits, ".", "_" and "-"');
/** Eucalyptus' rule "extended", which is its default (5.1.0, object storage's bucket name check). */
export const bucketName = matching(/^[A-Za-z0-9._-]{2,255}$/, '2 to 255 letters, digits, ".", "_" or "-"');
/** 4.4 and upgraded clouds say emi-, fresh 5.x ones ami-; new ids have 17 digits there, unless the operator wants 8. */
export const imageId = matching(
  /^[ea]mi-([0-9a-fA-F]{8}|[0-9a-fA-F]{17})$/,
  "emi- or ami- (`euca-describe-images` shows which) and 8 or 17 hex digits",
);
export const keyName = matching(/^[\x21-\x7e]{1,255}$/, "1 to 255 printable characters without spaces");
/** Eucalyptus refuses every other type, ed25519 too (reference: ImportKeyPair answers InvalidKey.Format). */
export const publicKey = matching(
  /^ssh-rsa [A-Za-z0-9+/]+={0,2}( [^\n]*)?$/,
  "one line of an RSA key's .pub file (`ssh-keygen -t rsa -b 4096`): Eucalyptus takes no other type",
);
/** The names that may be published; the files themselves are judged in packages/content/siteRules.ts. */
export const fileName = matching(/^[A-Za-z0-9][\w.-]*(\/[A-Za-z0-9][\w.-]*)?$/, "a published file's name");

export function boolean(text: string): boolean {
  if (text !== "true" && text !== "false") throw new FieldError(`is "${text}", expected true or false`);
  return text === "true";
}

export const oneOf =
  <T extends string>(...words: T[]): Read<T> =>
  (text) => {
    const found = words.find((candidate) => candidate === text);
    if (!found) throw new FieldError(`is "${text}", expected ${words.join(" or ")}`);
    return found;
  };

export const integer =
  (from: number, to: number): Read<number> =>
  (text) => {
    const number = /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
    if (!(number >= from && number <= to)) {
      throw new FieldError(`is "${text}", expected a whole number from ${from} to ${to}`);
    }
    return number;
  };

export const zeroOr =
  (from: number, to: number): Read<number> =>
  (text) => {
    if (text === "0") return 0;
    if (/^\d+$/.test(text) && Number(text) >= from && Number(text) <= to) return Number(text);
    throw new FieldError(`is "${text}", expected 0 or a whole number from ${from} to ${to}`);
  };

export const list =
  (read: Read<string>): Read<string[]> =>
  (text) => {
    const values = json(text);
    if (!Array.isArray(values) || !values.every((value) => typeof value === "string")) {
      throw new FieldError(`is ${text}, expected a list of texts (\`- value\` lines)`);
    }
    return values.map(read);
  };

/** File name → first 8 digits of a hash. YAML reads eight bare digits as a number, which does no harm here. */
export function hashes(text: string): Record<string, string> {
  const values = json(text);
  if (typeof values !== "object" || values === null || Array.isArray(values)) {
    throw new FieldError(`is ${text}, expected a map of file names to 8 hex digits`);
  }
  const entries = Object.entries(values).map(([name, value]): [string, string] => {
    const digits = typeof value === "number" ? String(value) : value;
    if (typeof digits !== "string" || !/^[0-9a-f]{8}$/.test(digits)) {
      throw new FieldError(`has ${name}: ${JSON.stringify(value)}, expected 8 hex digits in quotes`);
    }
    return [fileName(name), digits];
  });
  return Object.fromEntries(entries);
}

export function ipv4Address(text: string): string {
  if (!isIPv4(text)) throw new FieldError(`is "${text}", expected an IPv4 address`);
  return text;
}

export function cidr(text: string): string {
  const [address = "", bits = "", ...rest] = text.split("/");
  if (rest.length > 0 || !isIPv4(address) || !/^\d{1,2}$/.test(bits) || Number(bits) > 32) {
    throw new FieldError(`has "${text}", expected an IPv4 network such as 192.0.2.0/24`);
  }
  const network = networkOf(address, Number(bits));
  if (network !== address)
    throw new FieldError(`has "${text}", which is not a network; did you mean ${network}/${bits}?`);
  return text;
}

function networkOf(address: string, bits: number): string {
  const number = address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
  const size = 2 ** (32 - bits);
  const start = Math.floor(number / size) * size;
  return [24, 16, 8, 0].map((shift) => Math.floor(start / 2 ** shift) % 256).join(".");
}

const HOST = /^(\*\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]*[a-z0-9])?$/i;

export function hostPattern(text: string): string {
  if (text.includes("/")) return cidr(text);
  if (!HOST.test(text)) throw new FieldError(`has "${text}", expected a host name, *.suffix or CIDR`);
  return text;
}

/** Each is a name in the certificate and in nginx' configuration. */
const HOST_NAMES_LIMIT = 10;
/** RFC 1035: 63 bytes a label, 253 in all; a last label of digits would make it an address. */
const DNS_NAME = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+(?!\d+$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** @returns the names of a planet, the canonical one first; without any the list is empty. */
export function hostNames(text: string): string[] {
  const names = text.split(/[\s,]+/).filter((name) => name !== "");
  for (const [index, name] of names.entries()) {
    if (!DNS_NAME.test(name)) throw new FieldError(`has "${name}", ${wantedHostName(name)}`);
    if (names.indexOf(name) !== index) throw new FieldError(`has ${name} twice`);
  }
  if (names.length > HOST_NAMES_LIMIT) {
    throw new FieldError(`has ${names.length} names, at most ${HOST_NAMES_LIMIT} are served`);
  }
  return names;
}

function wantedHostName(name: string): string {
  if (name.startsWith("*.")) return "which would need a wildcard's certificate: name each host";
  if (isIPv4(name)) return "expected a DNS name: certificate authorities sign no addresses here";
  const ascii = domainToASCII(name.replace(/^https?:\/\//, "").replace(/[/.]+$/, ""));
  if (DNS_NAME.test(ascii)) return `did you mean ${ascii}?`;
  return "expected a DNS name such as planet.example.org";
}

/** @returns an ACME directory's URL, or nothing for `off`. */
export function acmeDirectory(text: string): string {
  if (text === "off") return "";
  // It stands in a file that systemd reads.
  if (URL.canParse(text) && /^https?:\/\/[\w.:/~%?=&-]+$/.test(text)) return text;
  throw new FieldError(`is "${text}", expected the https:// URL of an ACME directory, or off`);
}

export const mailAddress = matching(
  /^[A-Za-z0-9._%+-]{1,64}@([A-Za-z0-9-]{1,63}\.)+[A-Za-z0-9-]{1,63}$/,
  "a mail address such as postmaster@example.org",
);

/** @returns the endpoint without a slash at its end. */
export function endpoint(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.hostname === "") {
    throw new FieldError(
      `is "${text}", expected http:// or https://, an address and a port: http://173.205.188.8:8773`,
    );
  }
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "" || url.username !== "" || url.password !== "") {
    throw new FieldError(`is "${text}", expected nothing beside protocol, address and port: ${url.origin}`);
  }
  if (!isIPv4(url.hostname) && !url.hostname.includes(".")) {
    const why = "Eucalyptus reads a host name outside its DNS domain as a bucket's name";
    throw new FieldError(`has the host "${url.hostname}"; ${why}: write the IP address or the cloud's own DNS name`);
  }
  return url.origin;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
