import { createHash } from "node:crypto";

/** Counted before base64. Source: Corymbia/eucalyptus `VerifyMetadata.java`; an operator may raise it. */
const USER_DATA_LIMIT_BYTES = 16_384;

/** Where rendering stops: the rest is room for somebody who has to fix the script in a hurry. */
export const USER_DATA_BUDGET_BYTES = 8_192;

/**
 * How long nginx keeps an idle connection, and takes further requests on an open one. Fixed, so that another draining
 * time makes no other server. Long enough for a page with its pictures; docs/decisions has the reasons.
 */
const KEEPALIVE_SECONDS = 2;

/**
 * The old server must outlive every connection that may still get a request: nginx looks at the age when a request
 * begins, so one at its last moment keeps the connection open for another idle time (`ngx_http_core_module.c`).
 */
export const SHORTEST_DRAINING_SECONDS = 2 * KEEPALIVE_SECONDS + 1;

/** The instance's settings; the head of planet.sh says what each means. */
export interface UserDataSettings {
  readonly bucketUrl: string;
  readonly bundle: string;
  /** Content digest to be pinned to; absent when the server follows the live manifest. */
  readonly content?: string;
  readonly intervalSeconds: number;
  readonly settleSeconds: number;
  readonly allowHosts: readonly string[];
  readonly stack: string;
  /** Months for which the archive keeps entries; 0 for ever. */
  readonly archiveMonths: number;
  /** Several servers share the planet, behind a balancer. Not how many: that changes without another server. */
  readonly isOneOfSeveral?: boolean;
  /** What the server may write its memory with; absent when it keeps none. */
  readonly memoryPermit?: {
    /** Below which names, with the slash. */
    readonly prefix: string;
    /** Whose signature it is: the access key's id. */
    readonly accessKeyId: string;
  };
  /** Absent when the planet has no host name: it is served by plain HTTP then. */
  readonly https?: {
    /** The first is the canonical one. */
    readonly names: readonly string[];
    /** Where certificates are ordered; empty: never. */
    readonly acmeDirectory: string;
    /** Empty: none. */
    readonly acmeContact: string;
    readonly hstsSeconds: number;
    /** Number of the permits for the certificate and for challenges. */
    readonly permit: number;
    readonly accessKeyId: string;
  };
}

/** All that makes a server beside its user-data. Plain values: Outputs are unknown in a preview. */
export interface ServerFacts {
  readonly imageId: string;
  readonly instanceType: string;
  readonly keyName: string;
  readonly generation: number;
}

export interface RenderedServer {
  /** Eight hex digits over all that makes a server. */
  readonly release: string;
  /** Without secrets: where one belongs stands its placeholder, which {@link withSecrets} fills in. */
  readonly userData: string;
}

/**
 * Secret variables of the header and how many characters each has. Fixed, so that the text with placeholders has the size of
 * the one with secrets, and a release id, a preview and a check need no more than the placeholders.
 */
const SECRETS = {
  // Base64 of HMAC-SHA1.
  PLANET_CHALLENGE_SIGNATURE: 28,
  PLANET_MEMORY_SIGNATURE: 28,
  /** 32 bytes in hex: what the certificate is sealed with. */
  PLANET_TLS_KEY: 64,
  PLANET_TLS_SIGNATURE: 28,
} as const;

export type SecretVariable = keyof typeof SECRETS;

/** In place of a secret, of its length. */
const placeholder = (name: SecretVariable): string => "[secret]".padEnd(SECRETS[name], "*");

/** Puts secrets into user-data. @throws {RangeError} for one of another length, or one that has no place there. */
export function withSecrets(userData: string, secrets: Readonly<Partial<Record<SecretVariable, string>>>): string {
  return Object.entries(secrets).reduce((text, [variable, secret]) => {
    const name = variable as SecretVariable;
    const line = (value: string) => `\n${name}=${quote(value)}\n`;
    if (secret.length !== SECRETS[name] || !/^[\w+/=]*$/.test(secret) || !text.includes(line(placeholder(name)))) {
      throw new RangeError(`${name} cannot be put into the user-data`);
    }
    return text.replace(line(placeholder(name)), line(secret));
  }, userData);
}

/**
 * Equal input gives equal bytes, on every machine and path: one changed byte makes a new server.
 * @throws {RangeError} when the text is too long, not ASCII, or not a script that every image understands.
 */
export function renderServer(settings: UserDataSettings, facts: ServerFacts, script: string): RenderedServer {
  const release = releaseId(render(settings, "", script), facts);
  const userData = render(settings, release, script);
  checkUserData(userData);
  return { release, userData };
}

/** The id is over the user-data without the id; the rest is spelled as JSON with its keys in this order. */
function releaseId(userData: string, { imageId, instanceType, keyName, generation }: ServerFacts): string {
  const parts = JSON.stringify([userData, imageId, instanceType, keyName, generation]);
  return createHash("sha256").update(parts).digest("hex").slice(0, 8);
}

const variablesOf = (settings: UserDataSettings, release: string) => ({
  ...httpsVariables(settings.https),
  PLANET_ALLOW_HOSTS: settings.allowHosts.join(","),
  PLANET_ARCHIVE_MONTHS: String(settings.archiveMonths),
  PLANET_BUCKET_URL: settings.bucketUrl,
  PLANET_BUNDLE: settings.bundle,
  PLANET_CONTENT: settings.content ?? "",
  PLANET_INTERVAL: String(settings.intervalSeconds),
  PLANET_KEEPALIVE: String(KEEPALIVE_SECONDS),
  PLANET_MEMORY_PREFIX: settings.memoryPermit?.prefix ?? "",
  PLANET_MEMORY_SIGNATURE: settings.memoryPermit ? placeholder("PLANET_MEMORY_SIGNATURE") : "",
  PLANET_RELEASE: release,
  PLANET_SERVERS: settings.isOneOfSeveral ? "several" : "",
  PLANET_SETTLE: String(settings.settleSeconds),
  PLANET_SIGNER: settings.memoryPermit?.accessKeyId ?? settings.https?.accessKeyId ?? "",
  PLANET_STACK: settings.stack,
});

function httpsVariables(https: UserDataSettings["https"]) {
  const secret = (name: SecretVariable) => (https ? placeholder(name) : "");
  return {
    PLANET_ACME_CONTACT: https?.acmeContact ?? "",
    PLANET_ACME_DIRECTORY: https?.acmeDirectory ?? "",
    PLANET_CHALLENGE_SIGNATURE: secret("PLANET_CHALLENGE_SIGNATURE"),
    PLANET_HOST: https?.names.join(",") ?? "",
    PLANET_HSTS: https ? String(https.hstsSeconds) : "",
    PLANET_PERMIT: https ? String(https.permit) : "",
    PLANET_TLS_KEY: secret("PLANET_TLS_KEY"),
    PLANET_TLS_SIGNATURE: secret("PLANET_TLS_SIGNATURE"),
  };
}

/** A setting in the header of user-data. */
export type UserDataVariable = keyof ReturnType<typeof variablesOf>;

/** The script's first line, a header of `NAME='value'` lines in the order of their names, the rest of the script. */
function render(settings: UserDataSettings, release: string, script: string): string {
  const header = Object.entries(variablesOf(settings, release))
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${name}=${quote(value)}`);
  const [interpreter = "", ...rest] = withoutComments(script).split("\n");
  return [interpreter, ...header, ...rest].join("\n");
}

export interface ParsedUserData {
  /** Empty when the text is somebody else's; another version may have other names. */
  readonly variables: ReadonlyMap<UserDataVariable, string>;
  /** What stays without the header. */
  readonly script: string;
}

/** Reads back what {@link renderServer} has written. Any text will do. */
export function parseUserData(text: string): ParsedUserData {
  const [first = "", ...lines] = text.split("\n");
  const end = lines.findIndex((line) => !VARIABLE.test(line));
  const header = end < 0 ? lines : lines.slice(0, end);
  const variables = header.map((line): [UserDataVariable, string] => {
    const [, name = "", value = ""] = VARIABLE.exec(line) ?? [];
    return [name as UserDataVariable, value.replaceAll(QUOTED_QUOTE, "'")];
  });
  return { variables: new Map(variables), script: [first, ...lines.slice(header.length)].join("\n") };
}

const VARIABLE = /^(PLANET_[A-Z_]+)='(.*)'$/;

const QUOTED_QUOTE = `'\\''`;

/** Whole lines only. As in the aggregator's bundle: another comment is not another server. */
const withoutComments = (script: string): string => script.replaceAll(/^[ \t]*#(?!!).*\n/gm, "");

/** POSIX single quotes: inside them only the quote itself has a meaning. */
export const quote = (word: string): string => `'${word.replaceAll("'", QUOTED_QUOTE)}'`;

function checkUserData(text: string): void {
  const bytes = Buffer.byteLength(text);
  if (bytes > USER_DATA_BUDGET_BYTES) {
    const limits = `the budget is ${USER_DATA_BUDGET_BYTES} and the cloud accepts ${USER_DATA_LIMIT_BYTES}`;
    throw new RangeError(`user-data is ${bytes} bytes, ${limits}; move code from userdata/planet.sh to the aggregator`);
  }
  if (!text.startsWith("#!/bin/bash\n")) {
    throw new RangeError("userdata/planet.sh must begin with the line #!/bin/bash: loaders run nothing else");
  }
  const odd = [...text].find((letter) => letter !== "\n" && letter !== "\t" && (letter < " " || letter > "~"));
  if (odd !== undefined) {
    const code = `U+${(odd.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
    throw new RangeError(`user-data has the character ${code}; old images pass on plain ASCII lines only`);
  }
}
