import { local } from "@pulumi/command";
import { Config } from "@pulumi/pulumi";

const config = new Config();
if (config.getBoolean("throws")) throw new Error("the program says no");
if (config.getBoolean("exits")) process.exit(3);
console.log("a line of the program");

const first = new local.Command("first", {
  create: config.require("create"),
  triggers: [config.get("trigger") ?? "a"],
  delete: config.get("delete") ?? "true",
  environment: { WORD: config.getSecret("word") ?? "open" },
});
new local.Command("second", { create: "true", triggers: [first.id] }, { dependsOn: first });

export const stdout = first.stdout;
