import type { Permit } from "@planet/content";
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
  /** nginx does not start when it has to listen on IPv6 and the kernel has none. */
  readonly hasIpv6: boolean;
  /** The machine's memory, `MemTotal`. */
  readonly memoryBytes: number;
}

/** What the machine itself says, beside the environment. */
export interface MachineFacts extends Pick<InstallSettings, "engine" | "hasIpv6" | "memoryBytes"> {
  /** Empty when the metadata service did not say. */
  readonly instanceId: string;
}

/** Inside single quotes systemd takes each of these as it is (`EnvironmentFile=`, systemd.exec(5)). */
const QUOTABLE = /^[^'\\\p{Cc}]*$/u;

/** The only secret one: it goes into no text. */
const SIGNATURE = "PLANET_MEMORY_SIGNATURE";

/** @throws {SettingError} when a variable is absent or wrong, or cannot be written into a file that systemd reads. */
export function readInstallSettings(
  environment: Readonly<Record<string, string | undefined>>,
  { engine, hasIpv6, memoryBytes, instanceId }: MachineFacts,
): InstallSettings {
  for (const [variable, value = ""] of Object.entries(environment)) {
    if (variable.startsWith("PLANET_") && variable !== SIGNATURE) required(variable, value, QUOTABLE);
  }
  const sync = { ...readSettings(environment), instanceId };
  const memoryPermit = permitOf(environment, sync);
  return {
    sync,
    ...(memoryPermit && { memoryPermit }),
    keepaliveSeconds: Number(required("PLANET_KEEPALIVE", environment.PLANET_KEEPALIVE ?? "", /^[1-9]\d{0,3}$/)),
    engine: required("the engine's path", engine, /^\/[\w./-]+$/),
    hasIpv6,
    memoryBytes,
  };
}

/** A step of the boot (planet.sh): keeps everybody but root from the metadata service, where the user-data is. */
const FENCE = "fence";

/** None where the planet has no memory; and none where the engine's user could read the user-data, which has it too. */
function permitOf(
  environment: Readonly<Record<string, string | undefined>>,
  { bucketUrl, bootDegraded }: SyncSettings,
): Permit | undefined {
  const prefix = environment.PLANET_MEMORY_PREFIX ?? "";
  if (prefix === "" || bootDegraded.includes(FENCE)) return undefined;
  const bucket = new URL(bucketUrl).pathname.split("/").at(-1) ?? "";
  const { PLANET_SIGNER: accessKeyId = "", [SIGNATURE]: signature = "" } = environment;
  return { bucketUrl, bucket, prefix, accessKeyId, signature };
}
