import { LocalCloudError } from "../localCloudError.ts";
import { FAULTS, type FaultDetail, type FaultName, isFault } from "./catalogue.ts";
import { OPERATION_NAMES } from "./operationNames.ts";

/** What somebody wants to go wrong. */
export interface WantedFault {
  readonly fault: FaultName;
  /** The operation that it meets, as EC2 or S3 names it: `RunInstances`, `PutObject`. @defaultValue every one */
  readonly action?: string;
  /** How many calls or servers it meets. @defaultValue for ever */
  readonly times?: number;
  readonly seconds?: number;
  readonly instance?: string;
}

const DETAILS = {
  action: (value: unknown) => typeof value === "string" && OPERATION_NAMES.has(value),
  times: (value: unknown) => Number.isSafeInteger(value) && Number(value) >= 1,
  seconds: (value: unknown) => typeof value === "number" && Math.abs(value) <= MOST_SECONDS,
  instance: (value: unknown) => typeof value === "string" && /^i-[0-9a-f]{8,17}$/.test(value),
} as const satisfies Record<FaultDetail, (value: unknown) => boolean>;

/** Of a delay or of a wrong clock: ten days. */
const MOST_SECONDS = 864_000;

const MEANINGS: Readonly<Record<FaultDetail, string>> = {
  action: "the name of an operation of the cloud, such as RunInstances or PutObject",
  times: "a whole number from 1",
  seconds: `a number of seconds, at most ${MOST_SECONDS} (ten days)`,
  instance: "the id of an instance",
};

/** @throws {LocalCloudError} `WRONG_FAULT`, in words for the person who typed it. */
export function wantedFault(given: Readonly<Record<string, unknown>>): WantedFault {
  const { fault, ...details } = given;
  const name = faultNamed(fault);
  const { takes, seconds, times } = FAULTS[name];
  for (const [detail, value] of Object.entries(details)) {
    if (!takes.some((each) => each === detail)) throw wrong(`${name} takes ${listed(takes)}, not --${detail}`);
    const { [detail as FaultDetail]: isValid } = DETAILS;
    if (!isValid(value)) throw wrong(`--${detail} is ${MEANINGS[detail as FaultDetail]}, not "${String(value)}"`);
  }
  if (takes.includes("instance") && details.instance === undefined) throw wrong(`${name} needs --instance <id>`);
  if (name !== "clock-skew" && Number(details.seconds) < 0) {
    throw wrong(`--seconds is from 0 for ${name}, not "${String(details.seconds)}": only a clock can be behind`);
  }
  return { fault: name, ...(times !== undefined && { times }), ...(seconds !== undefined && { seconds }), ...details };
}

/** @throws {LocalCloudError} `WRONG_FAULT` */
export function faultNamed(name: unknown): FaultName {
  if (typeof name === "string" && isFault(name)) return name;
  throw wrong(`there is no fault "${String(name)}". The faults are ${Object.keys(FAULTS).join(", ")}.`);
}

const listed = (takes: readonly string[]): string => takes.map((each) => `--${each}`).join(" and ") || "no option";

const wrong = (message: string): LocalCloudError => new LocalCloudError("WRONG_FAULT", message);
