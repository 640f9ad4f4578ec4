import { readFileSync } from "node:fs";
import path from "node:path";
import { readProjectFile } from "../projectFile.ts";

/** Where somebody wants the state to be kept, and who says so. */
export interface ChosenBackend {
  readonly url: string;
  readonly by: "PULUMI_BACKEND_URL" | "Pulumi.yaml" | "pulumi login";
}

/** In the CLI's own order (pulumi 3.259.0, pkg/workspace/creds.go, GetCurrentCloudURLWithSource). */
export function chosenBackend(checkout: string, home: string, env: NodeJS.ProcessEnv): ChosenBackend | undefined {
  if (env.PULUMI_BACKEND_URL) return { url: env.PULUMI_BACKEND_URL, by: "PULUMI_BACKEND_URL" };
  const { backend } = readProjectFile(path.join(checkout, "Pulumi.yaml"));
  if (backend) return { url: absolute(backend, checkout), by: "Pulumi.yaml" };
  const login = ofLogin(read(path.join(env.PULUMI_CREDENTIALS_PATH || home, "credentials.json")));
  return login ? { url: absolute(login, checkout), by: "pulumi login" } : undefined;
}

function ofLogin(json: string): string | undefined {
  try {
    const { current } = JSON.parse(json) as { current?: unknown };
    return typeof current === "string" && current !== "" ? current : undefined;
  } catch {
    return undefined; // nobody has logged in, or the file is encrypted
  }
}

/** Relative to the checkout, from wherever in it a command is run. */
function absolute(url: string, checkout: string): string {
  const [, folder, parameters = ""] = /^file:\/\/([^/~?][^?]*)(\?.*)?$/.exec(url) ?? [];
  return folder === undefined ? url : `file://${path.resolve(checkout, folder)}${parameters}`;
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
