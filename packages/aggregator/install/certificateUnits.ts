import { TLS_FOLDER } from "../certificate/places.ts";
import { CERTIFICATE_CREDENTIAL, CERTIFICATE_FILE } from "../certificate/settings.ts";
import type { InstallSettings } from "./settings.ts";
import { jitterOf, SANDBOX } from "./unitOptions.ts";

/**
 * One run for the certificate. What talks to the bucket and to a certificate authority has root's files and no capability; the second
 * program has nginx use what it has put down, outside of the sandbox, and reads nothing that came over the network but PEM files.
 */
export function certificateService({ engine }: InstallSettings): string {
  const node = "/usr/bin/node --max-old-space-size=96 --max-semi-space-size=4";
  return `\
[Unit]
Description=Planet: take, check and order the certificate of the host
After=network-online.target
Wants=network-online.target
[Service]
Type=oneshot
LoadCredential=${CERTIFICATE_CREDENTIAL}:${CERTIFICATE_FILE}
# A company's authority is in the image's trust store.
Environment=NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt
ExecStart=${node} ${engine} certificate
ExecStart=+${node} ${engine} certificate-reload
SyslogIdentifier=planet
ConfigurationDirectory=planet/tls
ConfigurationDirectoryMode=0700
StateDirectory=planet-certificate
StateDirectoryMode=0700
RuntimeDirectory=planet-certificate
RuntimeDirectoryPreserve=yes
ReadWritePaths=${TLS_FOLDER}
UMask=0022
TimeoutStartSec=300
MemoryMax=256M
TasksMax=64
${SANDBOX}`;
}

/** As often as the sync, at another time. */
export function certificateTimer({ sync }: InstallSettings): string {
  const interval = sync.intervalSeconds;
  return `\
[Timer]
OnBootSec=30s
OnActiveSec=${Math.ceil(interval / 2)}
OnUnitInactiveSec=${interval}
AccuracySec=1s
RandomizedDelaySec=${jitterOf(interval)}
[Install]
WantedBy=timers.target
`;
}
