import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { RefusedDeploy } from "./refusedDeploy.ts";
import { readSettings, type Settings } from "./settings.ts";

/** Text of the stack's own file; empty where it is kept elsewhere. */
export function readStackFile(stack: string): string {
  try {
    return readFileSync(`Pulumi.${stack}.yaml`, "utf8");
  } catch {
    return "";
  }
}

/** @throws {RefusedDeploy} `SETTINGS` naming every problem; nothing has been read from the cloud then. */
export function loadSettings(): Settings {
  const stack = pulumi.getStack();
  const result = readSettings(pulumi.runtime.allConfig(), stack);
  if ("settings" in result) return result.settings;
  throw new RefusedDeploy({
    code: "SETTINGS",
    what: `The settings of stack "${stack}" have ${result.problems.length} problem(s):`,
    why: result.problems.map(({ key, reason }) => `  ${key === "" ? "" : `${key} `}${reason}`).join("\n"),
    next: `Fix them in Pulumi.${stack}.yaml or with \`npx pulumi config set\`. Nothing was changed.`,
  });
}
