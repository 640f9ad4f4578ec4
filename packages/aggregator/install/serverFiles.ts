import { environmentFile } from "./environment.ts";
import { nginxConfiguration } from "./nginx.ts";
import type { InstallSettings } from "./settings.ts";
import { syncService, syncTimer } from "./units.ts";

export interface ServerFile {
  readonly path: string;
  readonly text: string;
}

/** Every file outside the engine's own folders that makes a prepared system a planet. */
export function serverFiles(settings: InstallSettings): readonly ServerFile[] {
  return [
    { path: "/etc/planet/planet.env", text: environmentFile(settings.sync) },
    { path: "/etc/systemd/system/planet-sync.service", text: syncService(settings) },
    { path: "/etc/systemd/system/planet-sync.timer", text: syncTimer(settings) },
    { path: "/etc/nginx/conf.d/planet.conf", text: nginxConfiguration(settings) },
  ];
}
