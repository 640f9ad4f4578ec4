import { CREDENTIAL, PERMIT_FILE } from "@planet/content";
import type { InstallSettings } from "./settings.ts";

/**
 * V8 lets short-lived objects take up to 48 MB and the rest grow for as long as memory is free. A server of 512 MB has other
 * uses for it; with room for 4 MB of them a run of 855 feeds needs 60 MB less and as much time.
 */
export const NODE_OPTIONS = ["--max-old-space-size=384", "--max-semi-space-size=4"];

/** One run of the sync, as a user who can read the system, write its own folder and reach feeds. */
export const syncService = ({ engine, memoryPermit }: InstallSettings): string => `\
[Unit]
Description=Planet: read the bucket, fetch the feeds, publish the page
After=network-online.target
Wants=network-online.target
[Service]
Type=oneshot
User=planet
EnvironmentFile=/etc/planet/planet.env
${memoryPermit ? `LoadCredential=${CREDENTIAL}:${PERMIT_FILE}\n` : ""}\
ExecStart=/usr/bin/node ${NODE_OPTIONS.join(" ")} ${engine} sync
SyslogIdentifier=planet
StateDirectory=planet
UMask=0022
TimeoutStartSec=900
MemoryMax=768M
TasksMax=64
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
ProtectProc=invisible
ProcSubset=pid
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
RemoveIPC=yes
CapabilityBoundingSet=
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM
# Metadata (and with it the user-data) is out of reach for a feed's URL. No MemoryDenyWriteExecute: V8 compiles.
IPAddressDeny=169.254.0.0/16 fe80::/10
`;

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
RandomizedDelaySec=${Math.min(20, Math.floor(interval / 10))}
[Install]
WantedBy=timers.target
`;
}
