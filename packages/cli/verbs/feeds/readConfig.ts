import { type PlanetConfig, readPlanetIni } from "@planet/content";
import { OperatorError } from "../../command.ts";
import { readIni } from "../../siteFolder.ts";

/** What site/planet.ini means. @throws {OperatorError} when it cannot be used at all. */
export function readConfig(checkout: string): PlanetConfig {
  const { config } = readPlanetIni(readIni(checkout));
  if (config) return config;
  const next = "`npx planet feeds check` says why.";
  throw new OperatorError({ code: "PLANET_INI_UNREADABLE", what: "site/planet.ini cannot be read.", next });
}
