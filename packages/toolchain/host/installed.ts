import { readFileSync } from "node:fs";
import path from "node:path";
import { codeOf } from "@planet/errors";

interface Manifest {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** Version of an installed package, looked up as Node does; undefined when it is not there. */
export function installedVersion(directory: string, name: string): string | undefined {
  for (let at = directory; ; at = path.dirname(at)) {
    const version = readManifest(path.join(at, "node_modules", name))?.version;
    if (version !== undefined || at === path.dirname(at)) return version;
  }
}

/** What package.json asks for, with the versions that are installed; sorted by name. */
export function directDependencies(directory: string): { readonly name: string; readonly version: string }[] {
  const manifest = readManifest(directory);
  const names = Object.keys({ ...manifest?.dependencies, ...manifest?.devDependencies }).toSorted();
  return names.flatMap((name) => {
    const version = installedVersion(directory, name);
    return version === undefined ? [] : [{ name, version }];
  });
}

function readManifest(directory: string): Manifest | undefined {
  try {
    return JSON.parse(readFileSync(path.join(directory, "package.json"), "utf8")) as Manifest;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}
