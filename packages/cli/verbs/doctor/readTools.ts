import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { ensureToolchain } from "@planet/toolchain";
import type { Context } from "../../command.ts";
import { ask } from "./asked.ts";
import type { ToolFacts } from "./facts.ts";

export async function readTools({ checkout, environment, err }: Context): Promise<ToolFacts> {
  const toolchain = await ask(ensureToolchain({ checkout, environment, onProgress: (line) => err(`${line}\n`) }));
  return {
    node: process.version,
    cli: "value" in toolchain ? { value: { path: toolchain.value.pulumi, origin: toolchain.value.origin } } : toolchain,
    ...(!environment.PULUMI_HOME && { commandPlugin: await commandPlugin(checkout) }),
    hasProviderPlugin: existsSync(join(checkout, "packages/eucalyptus-provider/bin/pulumi-resource-aws")),
  };
}

/** The toolchain places a launcher, which names the official plugin or the stand-in. */
async function commandPlugin(checkout: string): Promise<"official" | "ours" | "missing"> {
  const plugins = join(checkout, ".planet/pulumi-home/plugins");
  const folder = (await readdir(plugins).catch(() => [])).find((name) => name.startsWith("resource-command-v"));
  if (folder === undefined) return "missing";
  const launcher = await readFile(join(plugins, folder, "pulumi-resource-command"), "utf8").catch(() => "");
  if (launcher === "") return "missing";
  return launcher.includes("/.pulumi/plugins/") ? "official" : "ours";
}
