import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { giveToCaller, makeDirectory } from "../machine/caller.ts";
import type { CloudVersion } from "../world/types.ts";
import type { Places } from "./places.ts";

export type DriverName = "nspawn" | "none";
export type CloudMode = "edge" | "vpc";

/** What a cloud was started with; kept for the next start and for what cleans up after a kill. */
export interface CloudSettings {
  readonly mode: CloudMode;
  /** Absent: never asked for. */
  readonly version?: CloudVersion;
  readonly driver: DriverName;
  /** Folder of the checkout that started it. */
  readonly owner: string;
  readonly moveDelayMs: number;
  readonly cutOnMove: boolean;
  /** How many times faster than a real cloud's the loops of load balancing and Auto Scaling run. */
  readonly clockFactor: number;
}

/** Order of magnitude of a real cloud's broadcast of an address move. */
const MOVE_DELAY_MS = 3_000;

/** What is asked for now wins over the cloud's last start, that over the defaults. */
export function settingsFor(
  asked: Partial<CloudSettings> & { owner: string },
  last: CloudSettings | undefined,
): CloudSettings {
  const defaults = {
    mode: "vpc",
    driver: "nspawn",
    moveDelayMs: MOVE_DELAY_MS,
    cutOnMove: false,
    clockFactor: 1,
  } as const;
  const given = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
  return { ...defaults, ...last, ...given, owner: asked.owner };
}

export function readSettings({ settingsFile }: Places): CloudSettings | undefined {
  return existsSync(settingsFile) ? (JSON.parse(readFileSync(settingsFile, "utf8")) as CloudSettings) : undefined;
}

export function writeSettings(places: Places, settings: CloudSettings): void {
  makeDirectory(places.directory, 0o700);
  const temporary = `${places.settingsFile}.new`;
  writeFileSync(temporary, `${JSON.stringify(settings, null, 2)}\n`, { mode: 0o600 });
  giveToCaller(temporary);
  renameSync(temporary, places.settingsFile);
}
