import { type Inputs, isMap, isUnknown, type Problem, type Value, withoutSecrets } from "@planet/pulumi-plugin";

export type Stream = "stdout" | "stderr";

/** How a command is run, without marks of secrecy. Names as in `@pulumi/command` 1.2.1. */
export interface CommandInputs {
  readonly create?: string;
  readonly update?: string;
  readonly delete?: string;
  readonly stdin?: string;
  readonly dir?: string;
  readonly interpreter: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** The streams whose lines are shown while the command runs. */
  readonly logged: readonly Stream[];
  readonly addPreviousOutputInEnv: boolean;
}

const LOGGED: Readonly<Record<string, readonly Stream[]>> = {
  stdout: ["stdout"],
  stderr: ["stderr"],
  stdoutAndStderr: ["stdout", "stderr"],
  none: [],
};

const isText = (value: Value) => typeof value === "string";
const isTextList = (value: Value) => Array.isArray(value) && value.every((item) => isText(item) || isUnknown(item));
const isTextMap = (value: Value) =>
  isMap(value) && Object.values(value).every((item) => isText(item) || isUnknown(item));

const KINDS: Readonly<Record<string, { readonly accepts: (value: Value) => boolean; readonly words: string }>> = {
  command: { accepts: isText, words: "a text" },
  create: { accepts: isText, words: "a text" },
  update: { accepts: isText, words: "a text" },
  delete: { accepts: isText, words: "a text" },
  stdin: { accepts: isText, words: "a text" },
  dir: { accepts: isText, words: "a text" },
  interpreter: { accepts: isTextList, words: "a list of texts" },
  environment: { accepts: isTextMap, words: "a map of texts" },
  triggers: { accepts: (value) => Array.isArray(value), words: "a list" },
  addPreviousOutputInEnv: { accepts: (value) => typeof value === "boolean", words: "true or false" },
  logging: {
    accepts: (value) => typeof value === "string" && value in LOGGED,
    words: `one of ${Object.keys(LOGGED).join(", ")}`,
  },
};

const OFFICIAL_ONLY = new Set(["assetPaths", "archivePaths"]);

/** What this plugin cannot do as asked. Values are not repeated: they may be secret. */
export function problemsOf(inputs: Inputs): Problem[] {
  const problems: Problem[] = [];
  for (const [name, marked] of Object.entries(inputs)) {
    const value = withoutSecrets(marked);
    if (name === "version" || name.startsWith("__") || isUnknown(value)) continue;
    const kind = KINDS[name];
    if (OFFICIAL_ONLY.has(name)) {
      problems.push({ property: "", reason: `${name} needs the official command plugin; this is its small stand-in` });
    } else if (!kind) problems.push({ property: "", reason: `${name} is not an input of a command` });
    else if (!kind.accepts(value)) problems.push({ property: "", reason: `${name} must be ${kind.words}` });
  }
  return problems;
}

/** Reads inputs that {@link problemsOf} found to be right and that hold no unknown. */
export function readCommandInputs(inputs: Inputs): CommandInputs {
  const value = (name: string) => withoutSecrets(inputs[name] ?? null);
  const text = (name: string) => {
    const found = value(name);
    return typeof found === "string" ? { [name]: found } : {};
  };
  const interpreter = value("interpreter");
  const environment = value("environment");
  return {
    ...text("create"),
    ...text("update"),
    ...text("delete"),
    ...text("stdin"),
    ...text("dir"),
    interpreter: Array.isArray(interpreter) && interpreter.length > 0 ? interpreter.map(String) : ["/bin/sh", "-c"],
    environment: isMap(environment)
      ? Object.fromEntries(Object.entries(environment).map(([name, item]) => [name, String(item)]))
      : {},
    logged: LOGGED[String(value("logging") ?? "stdoutAndStderr")] ?? ["stdout", "stderr"],
    addPreviousOutputInEnv: value("addPreviousOutputInEnv") !== false,
  };
}
