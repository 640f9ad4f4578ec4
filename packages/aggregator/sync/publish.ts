import { mkdir, readdir, realpath, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import type { SiteReport } from "../build/buildSite.ts";
import { linkTarget, switchLink, writeChanged } from "../files.ts";
import type { Memory } from "../memory/memory.ts";
import { configOf } from "./bytes.ts";
import type { SyncContext } from "./context.ts";
import { hostLink } from "./hostLink.ts";
import type { LoadedContent } from "./localContent.ts";
import { mistakeIn } from "./trial.ts";

/** The page could not be made and there is no earlier one: nothing can be served. */
class NothingToServeError extends Error {
  readonly code = "NOTHING_TO_SERVE";
}

/** A website that was built; it is served only after `publish`. */
export interface Build {
  readonly report: SiteReport | undefined;
  /** Folder below www/ that is to be served. */
  readonly name: string;
  readonly isNew: boolean;
  /** Why the earlier page stays, when it does. */
  readonly kept?: { readonly code: string; readonly message: string };
}

/** Builds the website beside the served one. A failure, or a page that lost all entries, keeps the earlier one. */
export async function build(
  context: SyncContext,
  content: LoadedContent,
  { memory, host }: { readonly memory: Memory /** By which HTTPS is in effect. */; readonly host: readonly string[] },
): Promise<Build> {
  const { settings, buildSite, state, now, log } = context;
  const { places, allowHosts, archiveMonths } = settings;
  const served = await servedBuild(context);
  const name = await freeName(context, content.id);
  const outDirectory = join(places.www, name);
  await mkdir(outDirectory, { recursive: true });
  const previousDirectory = served === undefined ? undefined : join(places.www, served);
  try {
    const read = configOf(content.bytes);
    if (read === undefined) throw new Error("planet.ini cannot be used");
    const config = { ...read, link: hostLink(read.link, host) };
    const cacheDirectory = places.cache;
    const request = {
      config,
      files: content.bytes,
      cacheDirectory,
      outDirectory,
      previousDirectory,
      allowHosts,
      archiveMonths,
      now,
      log,
    };
    const { forgotten } = memory;
    const report = await buildSite({ ...request, fetchFeeds: true, forgotten, memory });
    if (served === undefined) return { report, name, isNew: true };
    if (report.entries === 0 && (state.published?.entries ?? 0) > 0) {
      const kept = { code: "no-entries", message: "the new page has no entries, the earlier one stays" };
      return { report, name: served, isNew: false, kept };
    }
    const isNew = report.changed || !(await hasSameNames(outDirectory, join(places.www, served)));
    return { report, name: isNew ? name : served, isNew };
  } catch (error) {
    if (served === undefined)
      throw new NothingToServeError(`the page cannot be made: ${mistakeIn(error)}`, { cause: error });
    return { report: undefined, name: served, isNew: false, kept: { code: "render", message: mistakeIn(error) } };
  }
}

/** Serves the build: its status first, then one rename. An unchanged page only gets a new status. */
export async function publish(
  { settings: { places } }: SyncContext,
  { name, isNew }: Build,
  status: ReadonlyMap<string, string>,
): Promise<void> {
  await writeStatus(join(places.www, name), status);
  if (isNew) await switchLink(places.served, name);
  await removeOld(places.www, name);
}

/** Unchanged ones keep their ETag with their time: who has feeds-status.xml is not sent it again. */
export async function writeStatus(folder: string, status: ReadonlyMap<string, string>): Promise<void> {
  for (const [file, text] of status) await writeChanged(join(folder, file), text);
}

async function servedBuild({ settings: { places } }: SyncContext): Promise<string | undefined> {
  try {
    return basename(await realpath(places.served));
  } catch {
    return undefined; // nothing published yet, or the link points at a build that is gone
  }
}

async function freeName({ settings: { places }, now }: SyncContext, contentId: string): Promise<string> {
  const stamp = now.toISOString().replace(/[-:]|\.\d+Z/g, "");
  const taken = new Set(await readdir(places.www).catch(() => [] as string[]));
  let name = `${stamp}-${contentId}`;
  for (let count = 2; taken.has(name); count += 1) name = `${stamp}-${contentId}.${count}`;
  return name;
}

const STATUS_FILES: ReadonlySet<string> = new Set(["status.json", "metrics", "feeds.html", "feeds-status.xml"]);

/** A file that is gone is a change, too. The status files are written later and do not count. */
async function hasSameNames(a: string, b: string): Promise<boolean> {
  const namesIn = async (folder: string) => {
    const names = await readdir(folder, { recursive: true });
    return names
      .filter((name) => !STATUS_FILES.has(name))
      .sort()
      .join("\n");
  };
  return (await namesIn(a)) === (await namesIn(b));
}

/** Keeps what is served and the build before it: a reader may be in the middle of a file. */
async function removeOld(www: string, served: string): Promise<void> {
  const linked = await linkTarget(join(www, "current"));
  const builds = (await readdir(www)).filter((name) => name !== "current" && name !== served && name !== linked).sort();
  for (const name of builds.slice(0, -1)) await rm(join(www, name), { recursive: true, force: true });
}
