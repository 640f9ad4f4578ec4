import { ToolchainError } from "../toolchainError.ts";

/** What of `runtime.options` in Pulumi.yaml this host knows. */
export interface RuntimeOptions {
  readonly typescript?: boolean;
  readonly tsconfig?: string;
  /** Arguments for node, as a shell would split them. */
  readonly nodeargs?: string;
  readonly packagemanager?: string;
  readonly production?: boolean;
}

export interface ProgramRequest {
  readonly project: string;
  readonly stack: string;
  readonly organization: string;
  readonly rootDirectory: string;
  readonly programDirectory: string;
  readonly entryPoint: string;
  readonly monitorAddress: string;
  readonly engineAddress: string;
  readonly dryRun: boolean;
  readonly parallel: number;
  readonly args: readonly string[];
  /** `ns:key` to text. */
  readonly config: Readonly<Record<string, string>>;
  readonly secretKeys: readonly string[];
  readonly options: RuntimeOptions;
}

const OPTION_KINDS = {
  typescript: "boolean",
  tsconfig: "string",
  nodeargs: "string",
  packagemanager: "string",
  production: "boolean",
} as const;

/** @throws {ToolchainError} `RUNTIME_OPTION`, naming the option with a wrong type. */
export function readRuntimeOptions(options: Readonly<Record<string, unknown>>): RuntimeOptions {
  for (const [name, kind] of Object.entries(OPTION_KINDS)) {
    const value = options[name];
    if (value !== undefined && typeof value !== kind) {
      const what = `Pulumi.yaml: runtime.options.${name} must be a ${kind}, not ${JSON.stringify(value)}`;
      throw new ToolchainError({ code: "RUNTIME_OPTION", what });
    }
  }
  return options as RuntimeOptions;
}

/**
 * The command line of `@pulumi/pulumi/cmd/run`, after `node`. Everything behind the entry point is the program's.
 * Source: pulumi/pulumi `sdk/nodejs/cmd/pulumi-language-nodejs/main.go` and `cmd/run/index.ts`.
 */
export function programArguments(request: ProgramRequest, runScript: string): string[] {
  return [
    ...splitWords(request.options.nodeargs ?? ""),
    runScript,
    ...["--monitor", request.monitorAddress, "--engine", request.engineAddress],
    ...(request.organization ? ["--organization", request.organization] : []),
    ...["--project", request.project, "--root-directory", request.rootDirectory],
    ...["--stack", request.stack, "--pwd", request.programDirectory],
    ...(request.dryRun ? ["--dry-run"] : []),
    ...["--parallel", String(request.parallel)],
    request.entryPoint || ".",
    ...request.args,
  ];
}

/** Variables by which the SDK gets the configuration; the engine's secrets are in clear text there, as always. */
export function programEnvironment(request: ProgramRequest): Record<string, string> {
  const config = Object.entries(request.config).map(([key, value]) => [key.replace(":", ":config:"), value] as const);
  return {
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(config)),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.secretKeys),
    ...(request.options.typescript !== false && { PULUMI_NODEJS_TYPESCRIPT: "true" }),
    ...(request.options.tsconfig !== undefined && { PULUMI_NODEJS_TSCONFIG_PATH: request.options.tsconfig }),
  };
}

/** Words as a shell splits them: blanks separate, quotes of both kinds join, a backslash escapes. */
export function splitWords(text: string): string[] {
  const words: string[] = [];
  for (const [word] of text.matchAll(/(?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*')+/g)) {
    words.push(
      word.replaceAll(/\\(.)|"((?:[^"\\]|\\.)*)"|'([^']*)'/g, (_whole, escaped, double, single) =>
        String(escaped ?? single ?? (double as string).replaceAll(/\\(["\\$`])/g, "$1")),
      ),
    );
  }
  return words;
}
