import { publicBucketUrl } from "@planet/eucalyptus-client";
import { type Context, OperatorError } from "../command.ts";
import { hostNamesIn, listIn, mapIn, parseConfig } from "./config.ts";

/** What the feeds verbs need of a stack's settings. */
export interface StackSettings {
  /** Empty for the one that is selected. */
  readonly stack: string;
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  readonly bucketUrl: string;
  readonly allowHosts: readonly string[];
  /** Names of the planet, the canonical one first; empty without HTTPS. */
  readonly host: readonly string[];
  /** Where certificates are ordered; `off`: nowhere. */
  readonly acmeDirectory: string;
  /** Of what servers write now. */
  readonly permit: number;
  readonly archiveMonths: number;
  readonly leave: readonly string[];
  /** Digits by file. */
  readonly overwrite: Readonly<Record<string, string>>;
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
  const config = parseConfig(stdout);
  const endpoint = needed("endpoint", config.endpoint).replace(/\/$/, "");
  const bucket = needed("bucket", config.bucket);
  return {
    stack,
    endpoint,
    region: needed("region", config.region),
    bucket,
    bucketUrl: publicBucketUrl(endpoint, bucket),
    allowHosts: listIn(config, "allowHosts"),
    host: hostNamesIn(config),
    acmeDirectory: config.acmeDirectory ?? "",
    permit: Number(config.permit ?? 1),
    archiveMonths: Number(config.archiveMonths ?? 0),
    leave: listIn(config, "leave"),
    overwrite: mapIn(config, "overwrite"),
  };
}

export const stackOption = (stack: string): string[] => (stack === "" ? [] : ["--stack", stack]);

/** What takes one file out of planet:leave. */
export const unleaveCommand = (name: string, leave: readonly string[], stack: string): string =>
  ["npx pulumi config rm --path", `'planet:leave[${leave.indexOf(name)}]'`, ...stackOption(stack)].join(" ");

function needed(name: string, value: string | undefined): string {
  if (value !== undefined && value !== "") return value;
  const next = `\`npx pulumi config set planet:${name} …\` sets it.`;
  throw new OperatorError({ code: "SETTING_MISSING", what: `planet:${name} is not set.`, next });
}
