import { resolve4 } from "node:dns/promises";
import { mkdtempSync, readFileSync } from "node:fs";
import { mkdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { isMainThread } from "node:worker_threads";
import { readPlanetIni } from "@planet/content";
import { httpGet } from "@planet/content/httpGet";
import { certificatePlaces } from "./certificate/places.ts";
import { CERTIFICATE_CREDENTIAL, readCertificateSettings } from "./certificate/settings.ts";
import { hasCode, writeChanged } from "./files.ts";
import { install } from "./install/install.ts";
import type { MemoryFacts } from "./memory/memory.ts";
import { runSync } from "./sync/runSync.ts";
import { readSettings } from "./sync/settings.ts";
import { fence } from "./system/fence.ts";
import { instanceId, publicAddress } from "./system/metadata.ts";
import { run } from "./system/run.ts";
import { firstLine } from "./text/firstLine.ts";
import { journalLine } from "./text/journalLine.ts";

/** The engine's command line on a server: `node planet.cjs selftest | fence | install | sync | certificate | certificate-reload | check <file>`. */

/** Exit codes; planet.sh distinguishes them. */
const EXIT = { done: 0, failed: 1, usage: 2, contentUnreadable: 3, locked: 4 } as const;

/** To the journal, and on the first boot to the console: others read both. */
const say = (line: string): void => void process.stdout.write(`planet: ${journalLine(line)}\n`);
const wait = async (milliseconds: number): Promise<void> => void (await pause(milliseconds));

/** Feed parsers, sanitizer and templates are most of the bundle: loaded by the verbs that build a site. */
const loadBuildSite = async () => (await import("./build/buildSite.ts")).buildSite;
const loadMemory = async () => (await import("./memory/memory.ts")).Memory;

async function sync(): Promise<number> {
  try {
    const [buildSite, memory] = [await loadBuildSite(), await loadMemory()];
    const openMemory = (facts: MemoryFacts) => memory.open(facts);
    const tools = {
      buildSite,
      openMemory,
      log: say,
      clock: () => new Date(),
      pause: wait,
    };
    say(await runSync(readSettings(process.env), tools));
    return EXIT.done;
  } catch (error) {
    say(`sync failed: ${firstLine(error)}`);
    if (hasCode(error, "CONTENT_UNREADABLE")) return EXIT.contentUnreadable;
    return hasCode(error, "LOCKED") ? EXIT.locked : EXIT.failed;
  }
}

/** Run by root before `install`: keeps the sync's user away from the metadata service. Its lines are those of a step of the boot. */
async function fenceServer(): Promise<number> {
  const tools = { run, instanceId, write: writeChanged, pause: wait, say: (line: string) => say(`step=fence ${line}`) };
  return (await fence(tools)) ? EXIT.done : EXIT.failed;
}

/** Run by root on a prepared system: writes the units, their environment and nginx's configuration. */
async function installServer(): Promise<void> {
  say(await install(process.env, process.argv[1] ?? ""));
}

/** Run as root in a sandbox: takes, checks and orders the certificate of the host. */
async function certificate(): Promise<void> {
  const [{ runCertificate }, { send }] = await Promise.all([
    import("./certificate/runCertificate.ts"),
    import("./certificate/acme/send.ts"),
  ]);
  const { CREDENTIALS_DIRECTORY: credentials = "/etc/planet" } = process.env;
  const settings = readCertificateSettings(await readFile(join(credentials, CERTIFICATE_CREDENTIAL), "utf8"));
  const edges = { send, publicAddress, resolve: resolve4, readUrl };
  const tools = { ...edges, now: () => new Date(), pause: wait, chance: Math.random, log: say };
  say(await runCertificate(settings, certificatePlaces(process.env), tools));
}

async function readUrl(url: string): Promise<string | undefined> {
  const answer = await httpGet(url, { timeoutMs: 5_000, limitBytes: 1_000 }).catch(() => undefined);
  return answer?.status === 200 ? answer.body.toString("utf8") : undefined;
}

/** Run by root after that, without a sandbox: has nginx use what was taken. */
async function certificateReload(): Promise<void> {
  const { reloadCertificate } = await import("./certificate/reloadCertificate.ts");
  await reloadCertificate(certificatePlaces(process.env), { run, log: say });
}

/** Prints `file:line: level: text`; only errors make it fail. */
function check(file: string): number {
  const { problems } = readPlanetIni(readFileSync(file));
  for (const { line, level, text } of problems) process.stdout.write(`${file}:${line}: ${level}: ${text}\n`);
  return problems.some(({ level }) => level === "error") ? EXIT.failed : EXIT.done;
}

/** Renders an empty planet: finds a Node that is too old, and a broken bundle, before anything relies on them. */
async function selftest(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "planet-selftest-"));
  try {
    const ini = "[Planet]\nname = Self-test\nlink = http://planet.invalid/\n[http://feed.invalid/]\nname = None\n";
    const { config } = readPlanetIni(ini);
    if (config === undefined) throw new Error("the built-in planet.ini cannot be read");
    const [cacheDirectory, outDirectory] = [join(folder, "cache"), join(folder, "out")];
    for (const each of [cacheDirectory, outDirectory]) await mkdir(each);
    const request = { config, files: new Map(), cacheDirectory, outDirectory, allowHosts: [], now: new Date() };
    const buildSite = await loadBuildSite();
    await buildSite({ ...request, fetchFeeds: false, log: () => undefined });
    const page = await readFile(join(outDirectory, "index.html"), "utf8");
    if (!page.includes("Self-test")) throw new Error("the page does not show the planet's name");
    say(`selftest ok node=${process.version}`);
    return EXIT.done;
  } catch (error) {
    say(`selftest failed node=${process.version}: ${error instanceof Error ? error.message : String(error)}`);
    return EXIT.failed;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Says why, when it fails. */
async function attempt(verb: string, work: () => Promise<void>): Promise<number> {
  try {
    await work();
    return EXIT.done;
  } catch (error) {
    say(`${verb} failed: ${firstLine(error)}`);
    return EXIT.failed;
  }
}

async function main([verb, file]: readonly string[]): Promise<number> {
  if (verb === "sync") return sync();
  if (verb === "selftest") return selftest();
  if (verb === "fence") return fenceServer();
  if (verb === "certificate") return attempt(verb, certificate);
  if (verb === "certificate-reload") return attempt(verb, certificateReload);
  if (verb === "install") return attempt(verb, installServer);
  if (verb === "check" && file !== undefined) return check(file);
  process.stderr.write(
    "usage: node planet.cjs selftest | fence | install | sync | certificate | certificate-reload | check <planet.ini>\n",
  );
  return EXIT.usage;
}

if (isMainThread) {
  main(process.argv.slice(2)).then(
    (code) => {
      process.exitCode = code;
    },
    (error: unknown) => {
      process.stderr.write(`planet: ${error instanceof Error ? error.stack : String(error)}\n`);
      process.exitCode = EXIT.failed;
    },
  );
} else {
  // The reader's threads start this same file; they must only read.
  void import("./build/worker/entry.ts");
}
