import { mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { StatusJson } from "@planet/content";
import {
  contentDigest,
  contentType,
  type Manifest,
  parseManifest,
  pinnedManifest,
  serializeManifest,
  sha256Of,
} from "@planet/content";
import { Memory } from "../../memory/memory.ts";
import { runSync } from "../runSync.ts";
import { readSettings, type SyncSettings } from "../settings.ts";
import type { BuildSite } from "../trial.ts";
import { BucketServer } from "./bucketServer.ts";

export const ini = (...feeds: string[]): string =>
  `[Planet]\nname = P\nlink = http://p.example/\n${feeds.map((feed) => `[http://${feed}.example/f]\n`).join("")}`;

/** A bucket, a server's home folder and both clocks; time passes only by `pass`. */
export class World {
  readonly bucket = new BucketServer();
  readonly home = mkdtempSync(join(tmpdir(), "planet-sync-"));
  readonly log: string[] = [];
  readonly fetched: string[][] = [];
  /** The address that each build was told to have. */
  readonly links: string[] = [];
  now = new Date("2026-03-01T12:00:00Z");
  environment: Record<string, string> = {};
  /** Entries that the fake builder claims; -1: one per feed. */
  entries = -1;
  #url = "";

  async start(): Promise<this> {
    this.#url = await this.bucket.start();
    return this;
  }

  async stop(): Promise<void> {
    await this.bucket.stop();
    rmSync(this.home, { recursive: true, force: true });
  }

  pass(seconds: number): void {
    this.now = new Date(this.now.getTime() + seconds * 1_000);
    this.bucket.now = this.now;
  }

  /** What the server's environment file says, for a bundle in a process of its own. */
  get variables(): Record<string, string> {
    return {
      PLANET_BUCKET_URL: this.#url,
      PLANET_STACK: "local",
      PLANET_RELEASE: "0a1b2c3d",
      PLANET_HOME: this.home,
      PLANET_RETRY: "20",
      ...this.environment,
    };
  }

  get settings(): SyncSettings {
    return readSettings(this.variables);
  }

  /** What the stack does, in its order; `until` kills it before that stage. */
  deploy(files: Record<string, string | Buffer>, until?: "manifest" | "live" | number): string {
    const before = this.#published();
    const manifest: Manifest = {
      stack: "local",
      files: Object.entries(files).map(([name, content]) => {
        const bytes = Buffer.from(content);
        const sha256 = sha256Of(bytes);
        const old = before?.files.find((file) => file.name === name);
        const replaces = !old ? [] : old.sha256 === sha256 ? old.replaces : [old.sha256, ...old.replaces].slice(0, 5);
        return { name, sha256, size: bytes.length, type: contentType(name), replaces };
      }),
    };
    const digest = contentDigest(manifest);
    for (const content of Object.values(files)) this.#putNew(`objects/${sha256Of(Buffer.from(content))}`, content);
    this.#putNew(`objects/${digest}`, pinnedManifest(manifest));
    if (until === "manifest") return digest;
    this.bucket.put("manifest.json", serializeManifest(manifest));
    if (until === "live") return digest;
    for (const [name, content] of Object.entries(files).slice(0, until)) {
      const old = before?.files.find((file) => file.name === name);
      if (old?.sha256 !== sha256Of(Buffer.from(content))) this.bucket.put(name, content);
    }
    return digest;
  }

  async sync(buildSite: BuildSite = this.#buildSite): Promise<StatusJson> {
    await runSync(this.settings, {
      buildSite,
      openMemory: (facts) => Memory.open(facts),
      log: (line) => this.log.push(line),
      clock: () => this.now,
      pause: async (milliseconds) => this.pass(milliseconds / 1_000),
    });
    return this.status;
  }

  get status(): StatusJson {
    return JSON.parse(readFileSync(join(this.home, "www/current/status.json"), "utf8"));
  }

  /** What a reader gets: the fake page is the list of the files it was made from. */
  get page(): Record<string, string> {
    return JSON.parse(readFileSync(join(this.home, "www/current/index.html"), "utf8"));
  }

  get served(): string {
    return readlinkSync(join(this.home, "www/current"));
  }

  #published(): Manifest | undefined {
    const object = this.bucket.objects.get("manifest.json");
    return object && parseManifest(object.bytes);
  }

  #putNew(name: string, content: string | Buffer): void {
    if (!this.bucket.objects.has(name)) this.bucket.put(name, content);
  }

  /** Stands in for half the engine: shows what it was given, and refuses a template that says so. */
  readonly #buildSite: BuildSite = async ({ config, files, outDirectory, previousDirectory, fetchFeeds }) => {
    const shown = Object.fromEntries([...files].map(([name, bytes]) => [name, Buffer.from(bytes).toString("latin1")]));
    const template = shown["index.html.liquid"] ?? "";
    if (template.includes("BROKEN")) throw new Error("index.html.liquid:1: unknown tag");
    if (template.includes("NEEDS b") && !config.feeds.some(({ url }) => url.includes("b.example"))) {
      throw new Error("index.html.liquid: no feed b");
    }
    if (fetchFeeds) this.links.push(config.link);
    if (fetchFeeds) this.fetched.push(config.feeds.map(({ url }) => url));
    const page = JSON.stringify(shown);
    mkdirSync(dirname(join(outDirectory, "index.html")), { recursive: true });
    writeFileSync(join(outDirectory, "index.html"), page);
    const before = previousDirectory && readFileSync(join(previousDirectory, "index.html"), "utf8");
    const entries = this.entries < 0 ? config.feeds.length : this.entries;
    return { feeds: [], entries, changed: before !== page, warnings: [] };
  };
}
