import { PERMIT_FILE, writePermit } from "@planet/content";
import { environmentFile } from "./environment.ts";
import { nginxConfiguration } from "./nginx.ts";
import type { InstallSettings } from "./settings.ts";
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
    { path: "/etc/nginx/conf.d/planet.conf", text: nginxConfiguration(settings) },
  ];
}
