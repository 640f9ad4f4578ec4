import { join } from "node:path";
import { CERTIFICATE_STATUS } from "../certificate/places.ts";

/** What the server's environment file says (install/environment.ts writes it), read once. */
export interface SyncSettings {
  /** Without a trailing slash; names are joined with exactly one. */
  readonly bucketUrl: string;
  readonly stack: string;
  /** The server's release id, 8 hex digits. */
  readonly release: string;
  /** SHA-256 of the running bundle. */
  readonly bundle: string;
  /** Content digest that this server is pinned to, or empty: follow the manifest and live edits. */
  readonly content: string;
  readonly intervalSeconds: number;
  readonly settleSeconds: number;
  /** How long a server that has nothing yet tries to read its content. */
  readonly retrySeconds: number;
  readonly allowHosts: readonly string[];
  /** Months for which the archive keeps entries; 0 for ever. */
  readonly archiveMonths: number;
  /** Names of the host, the canonical one first; empty: plain HTTP. */
  readonly host: readonly string[];
  /** File in which the certificate's unit says how it stands. */
  readonly certificateStatus: string;

  /** Servers share the planet behind a balancer: one of them asks the feeds. */
  readonly isOneOfSeveral: boolean;
  /** Steps of the first boot that failed without stopping it: `clock`, `upgrade`. */
  readonly bootDegraded: readonly string[];
  readonly instanceId: string;
  /** Folder of the unit's credentials (systemd), or empty. */
  readonly credentials: string;
  readonly places: Places;
}

/** Every path below the home folder. */
export interface Places {
  readonly home: string;
  readonly staging: string;
  /** One folder for each content that was installed. */
  readonly contents: string;
  /** Link to the one in effect. */
  readonly current: string;
  readonly cache: string;
  readonly state: string;
  /** What is known of the planet's memory in the bucket. */
  readonly memory: string;
  readonly www: string;
  readonly served: string;
  readonly lock: string;
}

/** A setting that is absent or wrong. `setting` names it as it has to be written: `PLANET_STACK`. */
class SettingError extends Error {
  readonly code = "WRONG_SETTING";
  readonly setting: string;

  constructor(setting: string, reason: string) {
    super(`${setting} ${reason}`);
    this.name = "SettingError";
    this.setting = setting;
  }
}

/** @throws {SettingError} when a variable that has no default is absent, or one is wrong. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): SyncSettings {
  const text = (name: string) => environment[`PLANET_${name}`] ?? "";
  const list = (name: string) =>
    text(name)
      .split(/[,\s]+/)
      .filter(Boolean);
  return {
    bucketUrl: requiredUrl(text("BUCKET_URL")),
    stack: required("PLANET_STACK", text("STACK"), /./),
    release: required("PLANET_RELEASE", text("RELEASE"), /^[0-9a-f]{8}$/),
    bundle: text("BUNDLE"),
    content: text("CONTENT") === "" ? "" : required("PLANET_CONTENT", text("CONTENT"), /^[0-9a-f]{64}$/),
    intervalSeconds: whole("PLANET_INTERVAL", text("INTERVAL"), 300),
    settleSeconds: whole("PLANET_SETTLE", text("SETTLE"), 60),
    retrySeconds: whole("PLANET_RETRY", text("RETRY"), 600),
    allowHosts: list("ALLOW_HOSTS"),
    archiveMonths: whole("PLANET_ARCHIVE_MONTHS", text("ARCHIVE_MONTHS"), 0),
    host: list("HOST"),
    certificateStatus: text("CERTIFICATE_STATUS") || CERTIFICATE_STATUS,

    isOneOfSeveral: text("SERVERS") !== "",
    bootDegraded: list("DEGRADED"),
    instanceId: text("INSTANCE"),
    credentials: environment.CREDENTIALS_DIRECTORY ?? "",
    places: placesBelow(text("HOME") || "/var/lib/planet"),
  };
}

function placesBelow(home: string): Places {
  return {
    home,
    staging: join(home, "staging"),
    contents: join(home, "contents"),
    current: join(home, "current"),
    cache: join(home, "cache"),
    state: join(home, "state.json"),
    memory: join(home, "memory.json"),
    www: join(home, "www"),
    served: join(home, "www", "current"),
    lock: join(home, "sync.lock"),
  };
}

/** @throws {SettingError} when the value has another shape. */
export function required(setting: string, value: string, shape: RegExp): string {
  if (shape.test(value)) return value;
  throw new SettingError(setting, `must match ${shape.source}, it is ${JSON.stringify(value)}`);
}

function requiredUrl(value: string): string {
  return required("PLANET_BUCKET_URL", value, /^https?:\/\/[^\s]+$/).replace(/\/+$/, "");
}

function whole(setting: string, value: string, otherwise: number): number {
  return value === "" ? otherwise : Number(required(setting, value, /^\d{1,6}$/));
}
