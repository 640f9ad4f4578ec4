import { appendFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { buildSite } from "../../packages/aggregator/build/buildSite.ts";
import { Memory } from "../../packages/aggregator/memory/memory.ts";
import { runSync } from "../../packages/aggregator/sync/runSync.ts";
import { readSettings } from "../../packages/aggregator/sync/settings.ts";

/** What a server in a process of its own is told, as JSON in its first argument. */
export interface SyncProcess {
  /** Of the unit: `PLANET_HOME` and so on. */
  readonly environment: Readonly<Record<string, string>>;
  /** The engine's bundle, which reader threads start from. */
  readonly bundle: string;
  /** Gets a line at the end of each run. */
  readonly journal: string;
  /** The planet's time when the real one was `begin`, and how many times as fast it goes. */
  readonly clock: { readonly start: number; readonly begin: number; readonly speed: number };
}

// A server without a machine: one sync after the other, until it is killed.
const { environment, bundle, journal, clock }: SyncProcess = JSON.parse(process.argv[2] ?? "{}");
Object.assign(globalThis, { __filename: bundle });
const settings = readSettings(environment);
for (;;) {
  const said = await runSync(settings, {
    buildSite: (request) => buildSite({ ...request, spacingMs: 0 }),
    openMemory: Memory.open,
    log: (line) => appendFileSync(journal, `${line}\n`),
    clock: () => new Date(clock.start + (Date.now() - clock.begin) * clock.speed),
    pause: () => delay(Math.random() * 500),
  });
  appendFileSync(journal, `run: ${said}\n`);
  await delay(500 + Math.random() * 500);
}
