import type { Edges, Members } from "../waiting.ts";

type Answer = { status: number; text: string; fingerprint?: string } | Error;

/** A server that shows this release. */
export const serving = (release: string): Answer => ({ status: 200, text: JSON.stringify({ release, state: "ok" }) });

export interface FakeEdges extends Edges {
  readonly said: string[];
  readonly complained: string[];
  readonly asked: string[];
  /** Seconds since the start. */
  seconds(): number;
}

/** A world whose clock moves by sleeping only. What addresses and console answer may depend on the second. */
export function fakeEdges(answers: {
  readonly get?: (url: string, second: number, at?: string) => Answer;
  readonly console?: (second: number) => string | Error;
  readonly end?: (second: number) => string | undefined;
  readonly members?: (second: number) => Members | Error;
  readonly addresses?: (second: number) => string[] | Error;
}): FakeEdges {
  let ms = 0;
  const said: string[] = [];
  const complained: string[] = [];
  const asked: string[] = [];
  const result = <T>(value: T | Error): Promise<T> =>
    value instanceof Error ? Promise.reject(value) : Promise.resolve(value);
  return {
    said,
    complained,
    asked,
    seconds: () => ms / 1000,
    now: () => ms,
    date: () => new Date(Date.parse("2026-11-29T18:00:00Z") + ms),
    sleep: async (duration) => {
      ms += duration;
    },
    say: (line) => void said.push(line),
    complain: (text) => void complained.push(text),
    get: (url, at) => {
      asked.push(url);
      return result(answers.get?.(url, ms / 1000, at) ?? new Error("connect ETIMEDOUT"));
    },
    readEnd: () => Promise.resolve(answers.end?.(ms / 1000)),
    readMembers: () => result(answers.members?.(ms / 1000) ?? new Error("no group")),
    addressesOf: () => result(answers.addresses?.(ms / 1000) ?? new Error("queryA ENOTFOUND")),
    readConsole: () => result(answers.console?.(ms / 1000) ?? ""),
  };
}
