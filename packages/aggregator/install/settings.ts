import { keyIdOf, type Permit, type PermitKind, permitPrefix } from "@planet/content";
import type { CertificateSettings } from "../certificate/settings.ts";
import { readSettings, required, type SyncSettings } from "../sync/settings.ts";

/** What the files of a server depend on. */
export interface InstallSettings {
  /** What the sync will read back from its environment file. */
  readonly sync: SyncSettings;
  /** How long nginx keeps an idle connection, and takes further requests on an open one. */
  readonly keepaliveSeconds: number;
  /** Path of the engine's file, which the sync's unit starts. */
  readonly engine: string;
  /** What the sync may write its memory with. */
  readonly memoryPermit?: Permit;
  /** Absent when the planet has no host name. */
  readonly https?: HttpsSettings;
  /** The machine's name servers, as nginx writes addresses. */
  readonly nameservers: readonly string[];
  /** nginx does not start when it has to listen on IPv6 and the kernel has none. */
  readonly hasIpv6: boolean;
  /** The machine's memory, `MemTotal`. */
  readonly memoryBytes: number;
}

/** What HTTPS depends on beside that. */
export interface HttpsSettings {
  /** Of the host; the first is the canonical one. */
  readonly names: readonly string[];
  /** For which browsers are to insist on HTTPS; 0: they are not. */
  readonly hstsSeconds: number;
  /** Number of the permits. */
  readonly permit: number;
  readonly certificate: CertificateSettings;
}

/** What the machine itself says, beside the environment. */
export interface MachineFacts extends Pick<InstallSettings, "engine" | "hasIpv6" | "memoryBytes" | "nameservers"> {
  /** Empty when the metadata service did not say. */
  readonly instanceId: string;
}

/** Inside single quotes systemd takes each of these as it is (`EnvironmentFile=`, systemd.exec(5)). */
const QUOTABLE = /^[^'\\\p{Cc}]*$/u;

/** They go into no text, and no error repeats them. */
const SECRETS = ["PLANET_MEMORY_SIGNATURE", "PLANET_TLS_SIGNATURE", "PLANET_CHALLENGE_SIGNATURE", "PLANET_TLS_KEY"];

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws {SettingError} when a variable is absent or wrong, or cannot be written into a file that systemd reads. */
export function readInstallSettings(
  environment: Environment,
  { engine, hasIpv6, memoryBytes, instanceId, nameservers }: MachineFacts,
): InstallSettings {
  for (const [variable, value = ""] of Object.entries(environment)) {
    if (variable.startsWith("PLANET_") && !SECRETS.includes(variable)) required(variable, value, QUOTABLE);
  }
  const sync = { ...readSettings(environment), instanceId };
  const memoryPermit = memoryPermitOf(environment, sync);
  const https = httpsOf(environment, sync);
  return {
    sync,
    ...(memoryPermit && { memoryPermit }),
    ...(https && { https }),
    keepaliveSeconds: Number(required("PLANET_KEEPALIVE", environment.PLANET_KEEPALIVE ?? "", /^[1-9]\d{0,3}$/)),
    engine: required("the engine's path", engine, /^\/[\w./-]+$/),
    hasIpv6,
    memoryBytes,
    nameservers,
  };
}

/** A step of the boot (planet.sh): keeps everybody but root from the metadata service, where the user-data is. */
const FENCE = "fence";

/** None where the planet has no memory; and none where the engine's user could read the user-data, which has it too. */
function memoryPermitOf(environment: Environment, { bucketUrl, bootDegraded }: SyncSettings): Permit | undefined {
  const prefix = environment.PLANET_MEMORY_PREFIX ?? "";
  if (prefix === "" || bootDegraded.includes(FENCE)) return undefined;
  return permitWith(prefix, "PLANET_MEMORY_SIGNATURE", { environment, bucketUrl });
}

/** One that is wrong is refused where it is written to its file, without its text. */
function permitWith(
  prefix: string,
  signature: string,
  { environment, bucketUrl }: { readonly environment: Environment; readonly bucketUrl: string },
): Permit {
  const bucket = new URL(bucketUrl).pathname.split("/").at(-1) ?? "";
  return {
    bucketUrl,
    bucket,
    prefix,
    accessKeyId: environment.PLANET_SIGNER ?? "",
    signature: environment[signature] ?? "",
  };
}

/** Letters, digits, dots and hyphens alone: nginx' configuration says it as it is. */
const NAME = /^(?=.{1,253}$)[a-z0-9-]+(?:\.[a-z0-9-]+)+$/;

function httpsOf(environment: Environment, sync: SyncSettings): HttpsSettings | undefined {
  const { host: names, bucketUrl, instanceId } = sync;
  if (names.length === 0) return undefined;
  for (const name of names) required("PLANET_HOST", name, NAME);
  const variable = (name: string, shape: RegExp) => required(name, environment[name] ?? "", shape);
  const permit = Number(variable("PLANET_PERMIT", /^[1-9]\d{0,6}$/));
  const permitFor = (kind: PermitKind, signature: string) =>
    permitWith(permitPrefix(kind, permit), signature, { environment, bucketUrl });
  const { PLANET_TLS_KEY: key = "" } = environment;
  keyIdOf(key); // refuses what is none, without its text
  return {
    ...{ names, permit, hstsSeconds: Number(variable("PLANET_HSTS", /^\d{1,9}$/)) },
    certificate: {
      ...{ bucketUrl, names, instanceId, key },
      leasePrefix: sync.isOneOfSeveral ? (environment.PLANET_MEMORY_PREFIX ?? "") : "",
      directory: variable("PLANET_ACME_DIRECTORY", /^(?:https?:\/\/\S+)?$/),
      contact: variable("PLANET_ACME_CONTACT", /^(?:\S+@\S+)?$/),
      tlsPermit: permitFor("tls", "PLANET_TLS_SIGNATURE"),
      challengePermit: permitFor("acme-challenge", "PLANET_CHALLENGE_SIGNATURE"),
    },
  };
}
