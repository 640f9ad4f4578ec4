import process from "node:process";
import { fileURLToPath } from "node:url";
import { messageOf } from "@planet/errors";
import { pulumiCommand } from "./pulumiCommand.ts";
import { ToolchainError } from "./toolchainError.ts";

const checkout = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");
const onProgress = (line: string) => void process.stderr.write(`${line}\n`);

try {
  const { program, args, environment } = await pulumiCommand({
    checkout,
    args: process.argv.slice(2),
    env: process.env,
    onProgress,
  });
  if (!process.execve) {
    const what = `Node ${process.version} cannot become another program; use Node 22 or 24`;
    throw new ToolchainError({ code: "OLD_NODE", what });
  }
  // This process becomes the CLI: terminal, signals and exit code are its own, and nobody is left in between.
  process.execve(program, ["pulumi", ...args], definedOnly(environment));
} catch (error) {
  process.stderr.write(`pulumi: ${messageOf(error)}\n`);
  process.exitCode = 1;
}

function definedOnly(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
