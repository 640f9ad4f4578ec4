import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { run } from "../machine/command.ts";

const SWITCH = "/proc/sys/net/ipv4/ip_forward";
/** What the host had before the first cloud; in /run, so that it is forgotten with the setting itself at a reboot. */
const BEFORE = "/run/planet-local-cloud/ip_forward-before";

/** Lets the host pass packets between links, and remembers what it did before. Callers hold the machine-wide lock. */
export function turnOnForwarding(): void {
  const now = readFileSync(SWITCH, "utf8").trim();
  mkdirSync(dirname(BEFORE), { recursive: true });
  if (!existsSync(BEFORE)) writeFileSync(BEFORE, now);
  if (now !== "1") writeFileSync(SWITCH, "1");
}

/** Gives the host its former setting back when no cloud is left. Callers hold the machine-wide lock. */
export async function restoreForwarding(): Promise<void> {
  const tables = await run(["nft", "list", "tables", "ip"]);
  if (/^table ip planet\d+$/m.test(tables) || !existsSync(BEFORE)) return;
  writeFileSync(SWITCH, readFileSync(BEFORE, "utf8"));
  rmSync(BEFORE);
}
