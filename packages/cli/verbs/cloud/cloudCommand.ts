import { parseArgs } from "node:util";
import {
  type CloudStatus,
  cloudStatus,
  consoleOutput,
  consolesOf,
  ensureImage,
  FIRST_IMAGE,
  IMAGE_NAMES,
  resetCloud,
  type StartOptions,
  startCloud,
  stopCloud,
} from "@planet/local-cloud";
import { type Command, type Context, OperatorError, UsageError } from "../../command.ts";
import { describeCloud } from "./cloudText.ts";

const DEFAULT_NAME = "local";

const OPTIONS = {
  json: { type: "boolean" },
  mode: { type: "string" },
  "move-delay": { type: "string" },
  "cut-on-move": { type: "boolean" },
} as const;

type Values = Partial<Record<"json" | "cut-on-move", boolean> & Record<"mode" | "move-delay", string>>;

interface Verb {
  /** Options that go with it. */
  readonly options?: readonly (keyof typeof OPTIONS)[];
  run(words: readonly string[], context: Context, values: Values): Promise<void>;
}

const VERBS: Record<string, Verb> = {
  start: {
    options: ["mode", "move-delay", "cut-on-move"],
    async run([name = DEFAULT_NAME], context, values) {
      const options = { name, owner: context.checkout, onProgress: progress(context), ...startOptions(values) };
      context.out(describeCloud(await startCloud(options)));
    },
  },

  stop: {
    async run([name = DEFAULT_NAME], context) {
      await stopCloud(name, progress(context));
      context.err(`cloud "${name}" is stopped; its buckets, addresses and credentials are kept for the next start\n`);
    },
  },

  status: {
    options: ["json"],
    async run([name = DEFAULT_NAME], context, { json }) {
      const status = await cloudStatus(name);
      context.out(json ? `${JSON.stringify(status, null, 2)}\n` : describeCloud(status));
    },
  },

  console: {
    async run([instance, name = DEFAULT_NAME], context) {
      context.out(await consoleOutput(name, instance ?? newestInstance(await cloudStatus(name))));
    },
  },

  image: {
    async run([name = FIRST_IMAGE], context) {
      const image = IMAGE_NAMES.find((known) => known === name);
      if (!image) throw new UsageError(`there is no image "${name}"; there are ${IMAGE_NAMES.join(", ")}`);
      await ensureImage(image, progress(context));
    },
  },

  reset: {
    async run([name = DEFAULT_NAME], context) {
      await resetCloud(name, progress(context));
      context.err(`cloud "${name}" is forgotten: instances, addresses, buckets, credentials, logs\n`);
    },
  },
};

/** The local cloud by hand; a name other than `local` comes last. */
export const cloudCommand: Command = {
  name: "cloud",
  summary: "Start, stop and look at the local cloud",
  usage: `planet cloud start [--mode edge|vpc] [--move-delay <ms>] [--[no-]cut-on-move] [name]
       planet cloud stop|reset [name]
       planet cloud status [--json] [name]
       planet cloud console [instance [name]]
       planet cloud image [image]

  --mode         networking of a new cloud (vpc); another mode needs a reset first
  --move-delay   milliseconds from the call that moves an address to its effect (3000)
  --cut-on-move  reset the connections that are open when an address moves (they are kept)
  What start is not told stays as it was at the last start; a cloud that runs takes new moves at once.`,

  async run(argv, context) {
    const { values, positionals } = parseArgs({
      args: argv,
      allowPositionals: true,
      allowNegative: true,
      options: OPTIONS,
    });
    const [name = "", ...words] = positionals;
    const verb = Object.hasOwn(VERBS, name) ? VERBS[name] : undefined;
    if (!verb) throw new UsageError(`there is no "${name}" for a cloud: ${Object.keys(VERBS).join(", ")}`);
    const stray = Object.keys(values).find((option) => !verb.options?.some((known) => known === option));
    if (stray) throw new UsageError(`--${stray} does not go with ${name}`);
    try {
      await verb.run(words, context, values);
    } catch (error) {
      if (error instanceof RangeError) throw new UsageError(error.message); // a name that no cloud can have
      throw error;
    }
    return 0;
  },
};

/** What was given only: the rest stays as at the cloud's last start. */
function startOptions({
  mode,
  "move-delay": delay,
  "cut-on-move": cutOnMove,
}: Values): Partial<Pick<StartOptions, "mode" | "moveDelayMs" | "cutOnMove">> {
  if (mode !== undefined && mode !== "edge" && mode !== "vpc")
    throw new UsageError(`--mode is edge or vpc, not "${mode}"`);
  if (delay !== undefined && !/^\d{1,6}$/.test(delay))
    throw new UsageError(`--move-delay is a number of milliseconds below 1,000,000, not "${delay}"`);
  return {
    ...(mode !== undefined && { mode }),
    ...(delay !== undefined && { moveDelayMs: Number(delay) }),
    ...(cutOnMove !== undefined && { cutOnMove }),
  };
}

function newestInstance({ instances, name, running }: CloudStatus): string {
  const instance = instances.findLast(({ state }) => state !== "terminated") ?? instances.at(-1);
  const found = running ? instance?.instanceId : consolesOf(name)[0];
  if (!found) throw new OperatorError(`cloud "${name}" has had no server yet, so there is no console to show`);
  return found;
}

function progress(context: Context): (line: string) => void {
  return (line) => context.err(`• ${line}\n`);
}
