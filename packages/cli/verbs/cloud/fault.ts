import { nearestName } from "@planet/errors";
import {
  type ActiveFault,
  clearFault,
  cloudStatus,
  FAULTS,
  LocalCloudError,
  operationNames,
  setFault,
} from "@planet/local-cloud";
import { createAction, UsageError } from "../../command.ts";
import type { OptionTable } from "../../options.ts";
import { table } from "./table.ts";

const DEFAULT_NAME = "local";

const SET_OPTIONS = {
  action: {
    type: "string",
    value: "action",
    help: "of this operation alone, such as RunInstances or PutObject (every one)",
  },
  times: { type: "string", value: "n", help: "for so many calls or servers (until it is cleared)" },
  seconds: { type: "string", value: "n", help: "how late, or how wrong; each fault has its usual time" },
  instance: { type: "string", value: "id", help: "the server that is to freeze" },
} as const satisfies OptionTable;

export const listFaults = createAction({
  positionals: "[name]",
  options: {},
  async run({ positionals: [name = DEFAULT_NAME] }, context) {
    const { faults } = await cloudStatus(name);
    const kinds = Object.entries(FAULTS).map(([fault, { summary }]) => [fault, summary]);
    context.out(["faults that a cloud can have", ...table(kinds), "", ...activeFaults(faults), ""].join("\n"));
    return 0;
  },
});

export const setOneFault = createAction({
  positionals: "<fault> [name]",
  choices: Object.keys(FAULTS),
  options: SET_OPTIONS,
  async run({ values, positionals: [fault, name = DEFAULT_NAME] }, context) {
    const { action, instance, times, seconds } = values;
    const wanted = {
      fault: known(needed(fault), Object.keys(FAULTS), "fault"),
      ...(action !== undefined && { action: known(action, await operationNames(), "operation") }),
      ...(instance !== undefined && { instance }),
      ...(times !== undefined && { times: numberOrText(times) }),
      ...(seconds !== undefined && { seconds: numberOrText(seconds) }),
    };
    await asUsage(setFault(name, wanted));
    context.out(`${activeFaults((await cloudStatus(name)).faults).join("\n")}\n`);
    return 0;
  },
});

export const clearFaults = createAction({
  positionals: "[fault|all [name]]",
  choices: [...Object.keys(FAULTS), "all"],
  options: {},
  async run({ positionals: [fault = "all", name = DEFAULT_NAME] }, context) {
    const one = fault === "all" ? undefined : known(fault, Object.keys(FAULTS), "fault");
    await asUsage(clearFault(name, one));
    context.out(`${activeFaults((await cloudStatus(name)).faults).join("\n")}\n`);
    return 0;
  },
});

/** What goes wrong on purpose, a line each. */
export function activeFaults(faults: readonly ActiveFault[]): string[] {
  if (faults.length === 0) return ["no faults"];
  return table([
    ["fault", "meets", "left", "met", "seconds"],
    ...faults.map(({ fault, action, instance, times, met, seconds }) => [
      fault,
      action ?? instance ?? "all",
      times === undefined ? "for ever" : String(times - met),
      String(met),
      String(seconds ?? "-"),
    ]),
  ]);
}

function needed(fault: string | undefined): string {
  if (fault !== undefined) return fault;
  throw new UsageError({ code: "NO_FAULT", what: "which fault?", next: "`planet cloud fault list` has them." });
}

/** @throws {UsageError} with what was probably meant, or with nothing where the cloud's own refusal says more. */
function known(word: string, names: Iterable<string>, kind: string): string {
  const nearest = new Set(names).has(word) ? undefined : nearestName(word, names);
  if (nearest === undefined) return word;
  const [what, next] = [`there is no ${kind} "${word}"`, `Did you mean ${nearest}?`];
  throw new UsageError({ code: "UNKNOWN_NAME", what, next });
}

/** What is no number is refused in the words in which it was typed. */
const numberOrText = (text: string): number | string => (Number.isNaN(Number(text)) ? text : Number(text));

/** Not knowing a fault, or an option of one, is wrong usage. */
async function asUsage(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof LocalCloudError) || error.code !== "WRONG_FAULT") throw error;
    throw new UsageError({ code: "WRONG_FAULT", what: error.message });
  }
}
