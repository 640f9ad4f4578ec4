import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Keeps comments in the file STORE as GitHub does; `--jq` is done by jq, which reads the same language. */
export const GH = `#!${process.execPath}
const { readFileSync, writeFileSync } = require("node:fs");
const { execFileSync } = require("node:child_process");
const store = process.env.STORE;
const comments = JSON.parse(readFileSync(store, "utf8"));
const args = process.argv.slice(2);
const value = (flag) => args[args.indexOf(flag) + 1];
const path = args.find((each) => each.startsWith("repos/"));
if (args.includes("--jq")) {
  process.stdout.write(execFileSync("jq", ["-r", value("--jq")], { input: JSON.stringify(comments) }));
} else {
  const body = readFileSync(value("-F").replace("body=@", ""), "utf8");
  if (value("-X") === "POST") comments.push({ id: 100 + comments.length, user: { type: "Bot" }, body });
  else comments.find(({ id }) => path.endsWith("/" + id)).body = body;
  writeFileSync(store, JSON.stringify(comments));
}
`;

const dependencies = new URL("../../packages/cli/verbs/rollback/dependencies.ts", import.meta.url).href;
const checkout = fileURLToPath(new URL("../../", import.meta.url));

/** Gives the folder that it runs in our own dependencies by links; a run that wants more than them fails. */
export const NPM = `#!${process.execPath}
const asked = process.argv.slice(2).join(" ");
if (asked !== "ci --ignore-scripts") throw new Error("npm " + asked + " is not what this stands for");
import(${JSON.stringify(dependencies)}).then((links) => links.linkDependencies(${JSON.stringify(checkout)}, process.cwd()));
`;

/** Puts programs into a folder that comes first on PATH. */
export async function writeCommands(folder: string, commands: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(commands)) {
    await writeFile(join(folder, name), text);
    await chmod(join(folder, name), 0o755);
  }
}
