import { homedir } from "node:os";
import path from "node:path";

/**
 * The folder that a `file://` URL names for the CLI, run in `cwd`; undefined for any other kind of backend. A path may be
 * relative or begin with `~`; the CLI cuts off the parameters, completes the path and only then decodes it
 * (pulumi 3.259.0, pkg/backend/diy/backend.go, massageBlobPath).
 */
export function stateFolder(url: string, cwd: string): string | undefined {
  if (!url.startsWith("file://")) return undefined;
  const written = url.slice("file://".length).split("?", 1)[0] ?? "";
  const named = written.startsWith("~") ? path.join(homedir(), written.slice(2)) : written;
  return decode(path.resolve(cwd, named));
}

/** What cannot be decoded is an error of the CLI's. */
function decode(folder: string): string | undefined {
  try {
    return decodeURIComponent(folder);
  } catch {
    return undefined;
  }
}
