import type { SyncSettings } from "../sync/settings.ts";

/** The environment of the sync's unit; `readSettings` reads it. Each value is free of quotes (settings.ts). */
export function environmentFile(sync: SyncSettings): string {
  const variables = {
    ALLOW_HOSTS: sync.allowHosts.join(","),
    ARCHIVE_MONTHS: sync.archiveMonths,
    BUCKET_URL: sync.bucketUrl,
    BUNDLE: sync.bundle,
    CONTENT: sync.content,
    HOST: sync.host.join(","),
    INTERVAL: sync.intervalSeconds,
    RELEASE: sync.release,
    SERVERS: sync.isOneOfSeveral ? "several" : "",
    SETTLE: sync.settleSeconds,
    STACK: sync.stack,
    DEGRADED: sync.bootDegraded.join(" "),
    INSTANCE: sync.instanceId,
  };
  return Object.entries(variables)
    .map(([name, value]) => `PLANET_${name}='${value}'\n`)
    .join("");
}
