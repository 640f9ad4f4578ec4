import { ANSWER_FAULTS, type AnswerFault, type AnswerFaultName } from "./answerFaults.ts";

export type FaultName =
  | AnswerFaultName
  | "no-capacity"
  | "clock-skew"
  | "slow-boot"
  | "failed-boot"
  | "full-disk"
  | "frozen-machine";

/** What is said with a fault when it is set. */
export type FaultDetail = "action" | "times" | "seconds" | "instance";

export interface FaultKind {
  /** What a client, or somebody who looks at a server, sees. */
  readonly summary: string;
  readonly of: "answers" | "the cloud" | "machines";
  readonly takes: readonly FaultDetail[];
  /** Where none is given. */
  readonly seconds?: number;
}

const ofAnswer = (name: AnswerFaultName): FaultKind => {
  const { summary, operations }: AnswerFault = ANSWER_FAULTS[name];
  const isLate = name === "slow-answer";
  const takes = ["action", "times", ...(isLate ? ["seconds"] : [])] as FaultDetail[];
  return {
    summary,
    of: operations ? "the cloud" : "answers",
    takes: operations ? takes.filter((detail) => detail !== "action") : takes,
    ...(isLate && { seconds: 6 }),
  };
};

const ANSWERS = Object.fromEntries(
  Object.keys(ANSWER_FAULTS).map((name) => [name, ofAnswer(name as AnswerFaultName)]),
) as Record<AnswerFaultName, FaultKind>;

/** All faults, in the order in which they are listed. */
export const FAULTS: Readonly<Record<FaultName, FaultKind>> = {
  ...ANSWERS,
  "no-capacity": {
    summary: "RunInstances is refused with 503: Not enough resources",
    of: "the cloud",
    takes: ["times"],
  },
  "clock-skew": {
    summary: "the cloud's clock is --seconds ahead, so that it refuses signatures; below zero: behind",
    of: "the cloud",
    takes: ["seconds"],
    seconds: 1_200,
  },
  "slow-boot": {
    summary: "a new server is pending for --seconds more",
    of: "machines",
    takes: ["times", "seconds"],
    seconds: 60,
  },
  "failed-boot": {
    summary: "a new server ends at once: it failed to start on its node",
    of: "machines",
    takes: ["times"],
  },
  "full-disk": {
    summary: "a new server has room for 24 MiB: No space left on device",
    of: "machines",
    takes: ["times"],
  },
  "frozen-machine": {
    summary: "the server --instance is running and does nothing, until this is cleared",
    of: "machines",
    takes: ["instance"],
  },
};

export function isFault(name: string): name is FaultName {
  return Object.hasOwn(FAULTS, name);
}

export function isAnswerFault(name: FaultName): name is AnswerFaultName {
  return Object.hasOwn(ANSWER_FAULTS, name);
}
