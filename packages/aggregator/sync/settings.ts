import { join } from "node:path";

/** What planet.sh wrote into the environment, read once. */
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
  /** Steps of the first boot that failed without stopping it: `clock`, `upgrade`. */
  readonly bootDegraded: readonly string[];
  readonly instanceId: string;
  readonly places: Places;
}

/** Every path below the home folder. */
export interface Places {
  readonly home: string;
  readonly staging: string;
  readonly releases: string;
  readonly current: string;
  readonly cache: string;
  readonly state: string;
  readonly www: string;
  readonly served: string;
  readonly lock: string;
}

/** @throws when a variable that has no default is absent or wrong. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): SyncSettings {
  const text = (name: string) => environment[`PLANET_${name}`] ?? "";
  const list = (name: string) =>
    text(name)
      .split(/[,\s]+/)
      .filter(Boolean);
  return {
    bucketUrl: requiredUrl(text("BUCKET_URL")),
    stack: required("STACK", text("STACK"), /./),
    release: required("RELEASE", text("RELEASE"), /^[0-9a-f]{8}$/),
    bundle: text("BUNDLE"),
    content: text("CONTENT") === "" ? "" : required("CONTENT", text("CONTENT"), /^[0-9a-f]{64}$/),
    intervalSeconds: seconds("INTERVAL", text("INTERVAL"), 300),
    settleSeconds: seconds("SETTLE", text("SETTLE"), 60),
    retrySeconds: seconds("RETRY", text("RETRY"), 600),
    allowHosts: list("ALLOW_HOSTS"),
    bootDegraded: list("DEGRADED"),
    instanceId: text("INSTANCE"),
    places: placesBelow(text("HOME") || "/var/lib/planet"),
  };
}

export function placesBelow(home: string): Places {
  return {
    home,
    staging: join(home, "staging"),
    releases: join(home, "releases"),
    current: join(home, "current"),
    cache: join(home, "cache"),
    state: join(home, "state.json"),
    www: join(home, "www"),
    served: join(home, "www", "current"),
    lock: join(home, "sync.lock"),
  };
}

function required(name: string, value: string, shape: RegExp): string {
  if (shape.test(value)) return value;
  throw new Error(`PLANET_${name} must match ${shape.source}, it is ${JSON.stringify(value)}`);
}

function requiredUrl(value: string): string {
  return required("BUCKET_URL", value, /^https?:\/\/[^\s]+$/).replace(/\/+$/, "");
}

function seconds(name: string, value: string, otherwise: number): number {
  return value === "" ? otherwise : Number(required(name, value, /^\d{1,6}$/));
}
