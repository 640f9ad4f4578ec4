import { parseArgs } from "node:util";
import {
  type CloudStatus,
  cloudStatus,
  consoleOutput,
  ensureImage,
  FIRST_IMAGE,
  IMAGE_NAMES,
  resetCloud,
  startCloud,
  stopCloud,
} from "@planet/local-cloud";
import { describeCloud } from "./cloudText.ts";
import { type Command, type Context, OperatorError, UsageError } from "./command.ts";

const DEFAULT_NAME = "local";

const VERBS: Record<string, (words: readonly string[], context: Context) => Promise<void>> = {
  async start([name = DEFAULT_NAME], context) {
    const status = await startCloud({ name, owner: context.checkout, onProgress: progress(context) });
    context.out(describeCloud(status));
  },

  async stop([name = DEFAULT_NAME], context) {
    await stopCloud(name, progress(context));
    context.err(`cloud "${name}" is stopped; its buckets, addresses and credentials are kept for the next start\n`);
  },

  async status([name = DEFAULT_NAME, ...options], context) {
    const status = await cloudStatus(name);
    context.out(options.includes("--json") ? `${JSON.stringify(status, null, 2)}\n` : describeCloud(status));
  },

  async console([instance, name = DEFAULT_NAME], context) {
    const status = await cloudStatus(name);
    context.out(await consoleOutput(name, instance ?? newestInstance(status)));
  },

  async image([name = FIRST_IMAGE], context) {
    const image = IMAGE_NAMES.find((known) => known === name);
    if (!image) throw new UsageError(`there is no image "${name}"; there are ${IMAGE_NAMES.join(", ")}`);
    await ensureImage(image, progress(context));
  },

  async reset([name = DEFAULT_NAME], context) {
    await resetCloud(name, progress(context));
    context.err(`cloud "${name}" is forgotten: instances, addresses, buckets, credentials, logs\n`);
  },
};

/** The local cloud by hand; a name other than `local` comes last. */
export const cloudCommand: Command = {
  name: "cloud",
  summary: "Start, stop and look at the local cloud",
  usage: "planet cloud start|stop|reset [name] | status [--json] [name] | console [instance [name]] | image [image]",

  async run(argv, context) {
    const { values, positionals } = parseArgs({
      args: argv,
      allowPositionals: true,
      options: { json: { type: "boolean" } },
    });
    const [verb = "", ...words] = positionals;
    const perform = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined;
    if (!perform)
      throw new UsageError(`there is no "${verb}" for a cloud: start, stop, status, console, image or reset`);
    if (values.json && verb !== "status") throw new UsageError("--json goes with status only");
    try {
      await perform(values.json ? [words[0] ?? DEFAULT_NAME, "--json"] : words, context);
    } catch (error) {
      if (error instanceof RangeError) throw new UsageError(error.message); // a name that no cloud can have
      throw error;
    }
    return 0;
  },
};

function newestInstance({ instances, name }: CloudStatus): string {
  const instance = instances.findLast(({ state }) => state !== "terminated") ?? instances.at(-1);
  if (!instance) throw new OperatorError(`cloud "${name}" has no instance yet, or does not run`);
  return instance.instanceId;
}

function progress(context: Context): (line: string) => void {
  return (line) => context.err(`• ${line}\n`);
}
