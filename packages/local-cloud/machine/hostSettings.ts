import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type AptSource, parseAptSources, sourcesForRelease } from "./aptSources.ts";
import { run } from "./command.ts";

/** A file that the image gets; `mode` is octal. */
export interface ImageFile {
  readonly path: string;
  readonly bytes: Buffer;
  readonly mode: number;
}

/** How this host reaches Debian's packages; an image takes it over whole, so that an instance reaches them in the same way. */
export interface HostSettings {
  readonly sources: readonly AptSource[];
  /** Lines of apt.conf: proxies, certificates' checks, clocks. */
  readonly aptConfiguration: readonly string[];
  /** Keyrings, apt's passwords, certificate authorities added by the host's owner. */
  readonly files: readonly ImageFile[];
}

/**
 * The checks are kept as the host has them: a mirror that is a snapshot has a `Valid-Until` of the past, and an image could not be made
 * of it otherwise. What is installed is signed in each case, by the keys that the image gets.
 */
const KEPT_OPTIONS = /^Acquire::(https?::|ForceIPv[46] |Retries |Check-Valid-Until |Check-Date )/;
/** A program of the host that the image lacks. */
const HOST_ONLY_OPTIONS = /Proxy-Auto-Detect|ProxyAutoDetect/;

/** Reads apt's files and settings; empty values where the host has no apt. */
export async function hostSettings(
  codename: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<HostSettings> {
  const sources = hostSources(codename);
  const keyrings = sources.flatMap(({ signedBy }) => (signedBy ? [signedBy] : []));
  return {
    sources,
    aptConfiguration: [...(await aptOptions()), ...proxyOptions(environment)],
    files: [
      ...keyrings.flatMap((path) => readIfPresent(path, 0o644)),
      ...filesIn("/etc/apt/trusted.gpg.d", 0o644),
      ...readIfPresent("/etc/apt/auth.conf", 0o600),
      ...filesIn("/etc/apt/auth.conf.d", 0o600),
      ...filesIn("/usr/local/share/ca-certificates", 0o644),
    ],
  };
}

/**
 * Text for an instance's resolv.conf. A resolver on the host's loopback is not reachable from an instance:
 * systemd-resolved's list of real servers is taken instead.
 */
export function resolverText(read: (path: string) => string | undefined = readText): string {
  const text = read("/etc/resolv.conf") ?? "";
  const servers = [...text.matchAll(/^nameserver\s+(\S+)/gm)].map((match) => match[1] ?? "");
  const reachable = servers.some((server) => !server.startsWith("127.") && server !== "::1");
  return reachable ? text : (read("/run/systemd/resolve/resolv.conf") ?? text);
}

/** @throws {Error} when this machine knows no mirror of Debian: an image is made of what its host uses. */
function hostSources(codename: string): AptSource[] {
  const release = readText("/etc/os-release") ?? "";
  const hostCodename = /^ID=debian$/m.test(release) ? /^VERSION_CODENAME=(\w+)$/m.exec(release)?.[1] : undefined;
  if (!hostCodename) throw withoutMirror("this is not a Debian machine", "Run the local cloud on a Debian machine.");
  const folder = "/etc/apt/sources.list.d";
  const files = [
    "/etc/apt/sources.list",
    ...listFolder(folder)
      .filter((name) => /\.(list|sources)$/.test(name))
      .map((name) => join(folder, name)),
  ];
  const sources = files.flatMap((file) => parseAptSources(file, readText(file) ?? ""));
  const found = sourcesForRelease(sources, hostCodename, codename);
  if (found.length > 0) return found;
  const next = `Enable a Debian mirror for ${hostCodename} in ${folder} and repeat.`;
  throw withoutMirror(`no entry of ${files.join(", ")} is of the suite ${hostCodename}`, next);
}

function withoutMirror(why: string, next: string): Error {
  return new Error(`The image takes its packages from this machine's own Debian mirror, but ${why}. ${next}`);
}

async function aptOptions(): Promise<string[]> {
  try {
    const dump = await run(["apt-config", "dump"]);
    return dump.split("\n").filter((line) => KEPT_OPTIONS.test(line) && !HOST_ONLY_OPTIONS.test(line));
  } catch {
    return []; // no apt here: Debian's defaults
  }
}

function proxyOptions(environment: NodeJS.ProcessEnv): string[] {
  return ["http", "https"].flatMap((scheme) => {
    const proxy = environment[`${scheme}_proxy`] ?? environment[`${scheme.toUpperCase()}_PROXY`];
    return proxy ? [`Acquire::${scheme}::Proxy "${proxy}";`] : [];
  });
}

function filesIn(folder: string, mode: number): ImageFile[] {
  return listFolder(folder).flatMap((name) => readIfPresent(join(folder, name), mode));
}

function readIfPresent(path: string, mode: number): ImageFile[] {
  try {
    return [{ path, bytes: readFileSync(path), mode }];
  } catch {
    return []; // absent, a folder, or not ours to read
  }
}

function listFolder(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).toSorted() : [];
}

function readText(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}
