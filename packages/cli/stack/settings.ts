import { publicBucketUrl } from "@planet/eucalyptus-client";
import { type Context, OperatorError } from "../command.ts";
import { isRecord, record } from "../text/json.ts";

/** What the feeds verbs need of a stack's settings. */
export interface StackSettings {
  /** Empty for the one that is selected. */
  readonly stack: string;
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  readonly bucketUrl: string;
  readonly allowHosts: readonly string[];
}

type Pulumi = (args: readonly string[], context: Context) => Promise<{ code: number; stdout: string }>;

/** Asks the CLI, which knows the selected stack and the project's defaults. */
export async function readStackSettings(pulumi: Pulumi, stack: string, context: Context): Promise<StackSettings> {
  const { code, stdout } = await pulumi(["config", "--json", ...stackOption(stack)], context);
  if (code !== 0) {
    throw new OperatorError({
      code: "SETTINGS_UNREADABLE",
      what: "The stack's settings cannot be read; the reason is above.",
      next: "Name a stack with --stack, or make it: `npx pulumi stack init`.",
    });
  }
  const config = record(JSON.parse(stdout));
  const setting = (name: string): string | undefined => {
    const entry = config[`planet:${name}`];
    return isRecord(entry) && typeof entry.value === "string" ? entry.value : undefined;
  };
  const endpoint = needed("endpoint", setting("endpoint")).replace(/\/$/, "");
  const bucket = needed("bucket", setting("bucket"));
  const hosts: unknown = JSON.parse(setting("allowHosts") ?? "[]");
  return {
    stack,
    endpoint,
    region: setting("region") ?? "eucalyptus",
    bucket,
    bucketUrl: publicBucketUrl(endpoint, bucket),
    allowHosts: Array.isArray(hosts) ? hosts.map(String) : [],
  };
}

export const stackOption = (stack: string): string[] => (stack === "" ? [] : ["--stack", stack]);

function needed(name: string, value: string | undefined): string {
  if (value !== undefined && value !== "") return value;
  const next = `\`npx pulumi config set planet:${name} …\` sets it.`;
  throw new OperatorError({ code: "SETTING_MISSING", what: `planet:${name} is not set.`, next });
}
