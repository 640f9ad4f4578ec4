import { CREDENTIAL, PERMIT_FILE } from "@planet/content";
import { memoryLimits } from "./memory.ts";
import type { InstallSettings } from "./settings.ts";
import { jitterOf, SANDBOX } from "./unitOptions.ts";

/** One run of the sync, as a user who can read the system, write its own folder and reach feeds. */
export function syncService({ engine, memoryBytes, memoryPermit }: InstallSettings): string {
  const { unitMegabytes, nodeOptions } = memoryLimits(memoryBytes);
  return `\
[Unit]
Description=Planet: read the bucket, fetch the feeds, publish the page
After=network-online.target
Wants=network-online.target
[Service]
Type=oneshot
User=planet
EnvironmentFile=/etc/planet/planet.env
${memoryPermit ? `LoadCredential=${CREDENTIAL}:${PERMIT_FILE}\n` : ""}\
ExecStart=/usr/bin/node ${nodeOptions.join(" ")} ${engine} sync
SyslogIdentifier=planet
StateDirectory=planet
UMask=0022
TimeoutStartSec=900
MemoryMax=${unitMegabytes}M
TasksMax=64
${SANDBOX}\
# Metadata (and with it the user-data) is out of reach for a feed's URL. No MemoryDenyWriteExecute: V8 compiles.
IPAddressDeny=169.254.0.0/16 fe80::/10
`;
}

/** Starts the sync at intervals; the sync itself decides what is due. */
export function syncTimer({ sync }: InstallSettings): string {
  const interval = sync.intervalSeconds;
  return `\
[Timer]
OnBootSec=1min
# systemd forgets when a unit ended that nothing holds, so the first wait counts from here.
OnActiveSec=${interval}
OnUnitInactiveSec=${interval}
AccuracySec=1s
RandomizedDelaySec=${jitterOf(interval)}
[Install]
WantedBy=timers.target
`;
}
