import { ANSWER_FAULTS, type AnswerFault, type AnswerFaultName } from "./answerFaults.ts";

export type FaultName =
  | AnswerFaultName
  | "no-capacity"
  | "no-load-balancing"
  | "lost-worker"
  | "lost-push"
  | "all-out-of-service"
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
  readonly times?: number;
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
    summary: "RunInstances is refused with 503: Not enough resources; launches of Auto Scaling fail so",
    of: "the cloud",
    takes: ["times"],
  },
  "no-load-balancing": {
    summary: "load balancing is not enabled: its service answers 307 with nothing in it",
    of: "the cloud",
    takes: [],
  },
  "lost-worker": {
    summary:
      "a load balancer's worker dies: its name leads nowhere, after --seconds of the cloud's loops to another address",
    of: "the cloud",
    takes: ["times", "seconds"],
    seconds: 120,
    times: 1,
  },
  "lost-push": {
    summary: "a change does not reach a load balancer's worker, which asks for itself every 60 s",
    of: "the cloud",
    takes: ["times"],
  },
  "all-out-of-service": {
    summary: "a load balancer's checks fail for every server, and nobody gets an answer, until this is cleared",
    of: "the cloud",
    takes: [],
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
