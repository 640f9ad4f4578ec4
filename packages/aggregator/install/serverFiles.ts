import { PERMIT_FILE, writePermit } from "@planet/content";
import { CERTIFICATE_FILE, writeCertificateSettings } from "../certificate/settings.ts";
import { certificateService, certificateTimer } from "./certificateUnits.ts";
import { environmentFile } from "./environment.ts";
import { nginxConfiguration, SITE_FILE, siteConfiguration } from "./nginx.ts";
import { httpsConfiguration, redirectConfiguration } from "./nginxHttps.ts";
import type { HttpsSettings, InstallSettings } from "./settings.ts";
import { syncService, syncTimer } from "./units.ts";

export interface ServerFile {
  readonly path: string;
  /** Absent: there must be no such file. */
  readonly text?: string;
  /** Access rights where they are others than everybody's to read. */
  readonly mode?: number;
}

/** Every file outside the engine's own folders that makes a prepared system a planet. */
export function serverFiles(settings: InstallSettings): readonly ServerFile[] {
  const { memoryPermit } = settings;
  return [
    { path: PERMIT_FILE, mode: 0o600, ...(memoryPermit && { text: writePermit(memoryPermit) }) },
    { path: "/etc/planet/planet.env", text: environmentFile(settings.sync) },
    { path: "/etc/systemd/system/planet-sync.service", text: syncService(settings) },
    { path: "/etc/systemd/system/planet-sync.timer", text: syncTimer(settings) },
    { path: SITE_FILE, text: siteConfiguration(settings) },
    { path: "/etc/nginx/conf.d/planet.conf", text: nginxConfiguration(settings) },
    ...(settings.https ? httpsFiles(settings, settings.https) : []),
  ];
}

/** What a server with a host name has beside that. nginx uses its part once a certificate is there. */
function httpsFiles(settings: InstallSettings, https: HttpsSettings): readonly ServerFile[] {
  return [
    { path: CERTIFICATE_FILE, mode: 0o600, text: writeCertificateSettings(https.certificate) },
    { path: "/etc/systemd/system/planet-certificate.service", text: certificateService(settings) },
    { path: "/etc/systemd/system/planet-certificate.timer", text: certificateTimer(settings) },
    { path: "/etc/planet/nginx/https.conf", text: httpsConfiguration(settings, https) },
    { path: "/etc/planet/nginx/redirect.conf", text: redirectConfiguration(https) },
  ];
}
