import { nearestName } from "@planet/errors";
import {
  type CloudStatus,
  cloudNames,
  cloudStatus,
  consoleOutput,
  consolesOf,
  ensureImage,
  FIRST_IMAGE,
  followConsole,
  IMAGE_NAMES,
  openShell,
  resetCloud,
  type StartOptions,
  startCloud,
  stopCloud,
} from "@planet/local-cloud";
import { type Command, type Context, createAction, createGroup, OperatorError, UsageError } from "../../command.ts";
import { confirm } from "../../deploy/confirm.ts";
import type { OptionTable, Values } from "../../options.ts";
import { visible } from "../../text/visible.ts";
import { describeCloud, newestInstance, resetQuestion, whose } from "./cloudText.ts";
import { clearFaults, listFaults, setOneFault } from "./fault.ts";
import { showLogs } from "./logs.ts";

const DEFAULT_NAME = "local";

const START_OPTIONS = {
  mode: {
    type: "string",
    value: "edge|vpc",
    help: "networking of a new cloud (vpc); another mode needs a reset first",
  },
  version: {
    type: "string",
    value: "4.4|5.1",
    help: "which Eucalyptus a new cloud is like (5.1): instance types, length of ids, defaults; another needs a reset first",
  },
  "move-delay": {
    type: "string",
    value: "ms",
    help: "milliseconds from the call that moves an address to its effect (3000)",
  },
  driver: {
    type: "string",
    value: "nspawn|none",
    help: "what servers are (nspawn): machines, which need root, or only words, for the API alone",
  },
  "cut-on-move": {
    type: "boolean",
    hasOpposite: true,
    help: "reset the connections that are open when an address moves (they are kept)",
  },
  "clock-factor": {
    type: "string",
    value: "n",
    help: "how many times faster than a real cloud's load balancing and Auto Scaling act by themselves (1)",
  },
} as const satisfies OptionTable;

const start = createAction({
  positionals: "[name]",
  options: START_OPTIONS,
  async run({ values, positionals: [name = DEFAULT_NAME] }, context) {
    const options = { name, owner: context.checkout, onProgress: progress(context), ...startOptions(values) };
    context.out(describeCloud(await startCloud(options)));
    return 0;
  },
});

const stop = createAction({
  positionals: "[name]",
  options: {},
  async run({ positionals: [typed] }, context) {
    const found = await known(typed, context);
    if (found === undefined) return 0;
    await stopCloud(found.name, progress(context));
    const kept = "its buckets, addresses and credentials are kept for the next start";
    context.err(`cloud ${whose(found)} is stopped; ${kept}\n`);
    return 0;
  },
});

const status = createAction({
  positionals: "[name]",
  options: {
    all: { type: "boolean", help: "also servers that have ended, which a cloud lists for an hour" },
    json: { type: "boolean", help: "for a script: the status with the keys, a request a line" },
  },
  async run({ values: { all, json }, positionals: [name = DEFAULT_NAME] }, context) {
    const found = await cloudStatus(name);
    context.out(json ? `${JSON.stringify(found, null, 2)}\n` : describeCloud(found, all));
    return 0;
  },
});

const showConsole = createAction({
  positionals: "[instance [name]]",
  options: { follow: { type: "boolean", short: "f", help: "also what comes from now on, until Ctrl-C (-f)" } },
  async run({ values: { follow }, positionals: [instance, name = DEFAULT_NAME] }, context) {
    const chosen = instance ?? newest(await cloudStatus(name), context);
    if (!follow) context.out(visible(await consoleOutput(name, chosen)));
    else for await (const text of wholeLineEnds(followConsole(name, chosen))) context.out(visible(text));
    return 0;
  },
});

/** A carriage return at the end of a part may belong to a line end whose rest is still to come. */
async function* wholeLineEnds(parts: AsyncIterable<string>): AsyncGenerator<string> {
  let held = "";
  for await (const part of parts) {
    const text = held + part;
    held = /\r*$/.exec(text)?.[0] ?? "";
    yield text.slice(0, text.length - held.length);
  }
}

const ssh = createAction({
  positionals: "[instance [name]]",
  options: {},
  async run({ positionals: [instance, name = DEFAULT_NAME] }, context) {
    return await openShell(name, instance ?? newest(await cloudStatus(name), context));
  },
});

const image = createAction({
  positionals: "[image]",
  choices: IMAGE_NAMES,
  options: {},
  async run({ positionals: [name = FIRST_IMAGE] }, context) {
    const known = IMAGE_NAMES.find((each) => each === name);
    if (!known) {
      const next = `The images are ${IMAGE_NAMES.join(", ")}.`;
      throw new UsageError({ code: "UNKNOWN_IMAGE", what: `there is no image "${name}"`, next });
    }
    await ensureImage(known, progress(context));
    return 0;
  },
});

const reset = createAction({
  positionals: "[name]",
  options: { yes: { type: "boolean", help: "do not ask" } },
  async run({ values: { yes }, positionals: [typed] }, context) {
    const found = await known(typed, context);
    if (found === undefined) return 0;
    if (!yes && !(await confirm(resetQuestion(found)))) {
      context.err("nothing was changed\n");
      return 1;
    }
    await resetCloud(found.name, progress(context));
    context.err(`cloud ${whose(found)} is forgotten: instances, addresses, buckets, credentials, logs\n`);
    return 0;
  },
});

const group = createGroup({
  name: "cloud",
  summary: "Start, stop and look at the local cloud",
  actions: {
    ...{ start, stop, status, console: showConsole, logs: showLogs, ssh, image, reset },
    ...{ "fault list": listFaults, "fault set": setOneFault, "fault clear": clearFaults },
  },
  notes: [
    "  An option that start does not get keeps its value from the last start; a cloud that runs takes new moves, and another\n  clock factor, at once.",
    "  A fault lasts until it has met its number of calls, is cleared, or the cloud stops.",
  ],
});

/** The local cloud by hand; a name other than `local` comes last. */
export const cloudCommand: Command = {
  ...group,
  run: (argv, context) =>
    group.run(argv, context).catch((error: unknown) => {
      if (!(error instanceof RangeError)) throw error;
      throw new UsageError({ code: "CLOUD_NAME", what: error.message }); // no cloud can have that name
    }),
};

/** What was given only: the rest stays as at the cloud's last start. */
function startOptions({
  mode,
  version,
  driver,
  "move-delay": delay,
  "cut-on-move": cutOnMove,
  "clock-factor": factor,
}: Values<typeof START_OPTIONS>): Partial<
  Pick<StartOptions, "mode" | "version" | "driver" | "moveDelayMs" | "cutOnMove" | "clockFactor">
> {
  if (mode !== undefined && mode !== "edge" && mode !== "vpc") {
    throw new UsageError({ code: "CLOUD_MODE", what: `--mode is edge or vpc, not "${mode}"` });
  }
  if (version !== undefined && version !== "4.4" && version !== "5.1") {
    throw new UsageError({ code: "CLOUD_VERSION", what: `--version is 4.4 or 5.1, not "${version}"` });
  }
  if (driver !== undefined && driver !== "nspawn" && driver !== "none") {
    throw new UsageError({ code: "CLOUD_DRIVER", what: `--driver is nspawn or none, not "${driver}"` });
  }
  if (delay !== undefined && !/^\d{1,6}$/.test(delay)) {
    const what = `--move-delay is a number of milliseconds below 1,000,000, not "${delay}"`;
    throw new UsageError({ code: "MOVE_DELAY", what });
  }
  if (factor !== undefined && !/^(?:[1-9]\d?|100)$/.test(factor)) {
    throw new UsageError({
      code: "CLOCK_FACTOR",
      what: `--clock-factor is a whole number from 1 to 100, not "${factor}"`,
    });
  }
  return {
    ...(mode !== undefined && { mode }),
    ...(version !== undefined && { version }),
    ...(driver !== undefined && { driver }),
    ...(delay !== undefined && { moveDelayMs: Number(delay) }),
    ...(cutOnMove !== undefined && { cutOnMove }),
    ...(factor !== undefined && { clockFactor: Number(factor) }),
  };
}

/**
 * The cloud that is to end; undefined when there is none and nobody has named one, as for `npm stop`.
 * @throws {OperatorError} `NO_CLOUD`
 */
async function known(typed: string | undefined, { err }: Context): Promise<CloudStatus | undefined> {
  const name = typed ?? DEFAULT_NAME;
  const found = await cloudStatus(name); // refuses what cannot be a name
  const names = cloudNames();
  if (names.includes(name)) return found;
  if (typed === undefined) {
    err(`there is no cloud "${name}"; nothing was changed\n`);
    return undefined;
  }
  const nearest = nearestName(name, names);
  throw new OperatorError({
    code: "NO_CLOUD",
    what: `There is no cloud "${name}".`,
    next: nearest
      ? `Did you mean "${nearest}"?`
      : names.length > 0
        ? `There are: ${names.join(", ")}.`
        : "You have none.",
  });
}

/** Says which server it is, where nobody has named one. */
function newest(status: CloudStatus, { err }: Context): string {
  const { instanceId, state } = newestInstance(status, consolesOf(status.name));
  err(`server ${instanceId}, ${state}:\n`);
  return instanceId;
}

function progress(context: Context): (line: string) => void {
  return (line) => context.err(`• ${line}\n`);
}
