import { readSettings } from "../../../../settings/settings.ts";
import { type Finding, problem } from "../../text/finding.ts";
import type { Subject } from "./facts.ts";

/** All wrong settings at once, as a preview refuses them; but for the endpoint, which has a finding of its own. */
export function judgeSettings({ config, stack }: Subject): Finding[] {
  if (config === undefined) return [];
  const raw = Object.fromEntries(Object.entries(config).map(([name, text]) => [`planet:${name}`, text]));
  return readSettings(raw, stack)
    .problems.filter(({ key }) => key !== "planet:endpoint")
    .map(({ key, reason }) => {
      const text = `${key} ${reason}`.trim();
      return problem("settings", text, `correct it in Pulumi.${stack}.yaml, or with npx pulumi config set`);
    });
}
