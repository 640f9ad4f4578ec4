import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { run } from "../machine/command.ts";

/** The links that let packets in for the clouds alone; in /run, so that it is forgotten with the settings at a reboot. */
const TURNED_ON = "/run/planet-local-cloud/forwarding.json";

/** Whether packets that come in at this link may go out at another (the kernel's ip-sysctl, `conf/interface/forwarding`). */
const switchOf = (link: string): string => `/proc/sys/net/ipv4/conf/${link}/forwarding`;

/**
 * Those of these links that let no packets through by themselves. On a host that is a router anyway (`ip_forward`, which Docker
 * sets too) there are none.
 */
export function linksToOpen(outside: readonly string[]): string[] {
  if (isRouter()) return [];
  const ours = turnedOn();
  return outside.filter((link) => ours.includes(link) || !isOn(switchOf(link)));
}

/**
 * Lets packets in at these links and the cloud's own, and no longer at those of an earlier call. `ip_forward` stays as it is: it
 * would make the host a router between all its networks. Callers hold the machine-wide lock, and have rules for what comes in.
 */
export function forwardFrom(links: readonly string[], cloudLink: string): void {
  const before = turnedOn();
  remember([...new Set([...before, ...links])]); // a kill in between is repaired by the next call
  for (const link of [cloudLink, ...links]) if (!isOn(switchOf(link))) writeFileSync(switchOf(link), "1");
  turnOff(before.filter((link) => !links.includes(link)));
  remember(links);
}

/** Gives the host its former settings back when no cloud is left. Callers hold the machine-wide lock. */
export async function restoreForwarding(): Promise<void> {
  const tables = await run(["nft", "list", "tables", "ip"]);
  if (/^table ip planet\d+$/m.test(tables)) return;
  turnOff(turnedOn());
  rmSync(TURNED_ON, { force: true });
}

/** A host that has become a router in the meantime stays one. */
function turnOff(links: readonly string[]): void {
  if (isRouter()) return;
  for (const link of links) if (existsSync(switchOf(link))) writeFileSync(switchOf(link), "0");
}

function turnedOn(): string[] {
  return existsSync(TURNED_ON) ? (JSON.parse(readFileSync(TURNED_ON, "utf8")) as string[]) : [];
}

function remember(links: readonly string[]): void {
  mkdirSync(dirname(TURNED_ON), { recursive: true });
  writeFileSync(TURNED_ON, JSON.stringify(links));
}

const isRouter = (): boolean => isOn("/proc/sys/net/ipv4/ip_forward");

function isOn(file: string): boolean {
  return readFileSync(file, "utf8").trim() === "1";
}
