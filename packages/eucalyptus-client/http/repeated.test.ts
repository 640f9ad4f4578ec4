import { describe, expect, test } from "@jest/globals";
import type { Repetition } from "../calls.ts";
import { createClock } from "../clock.ts";
import { CloudError, FOREIGN_ANSWER } from "../cloudError.ts";
import { fakePace } from "../testing/fakePace.ts";
import type { Pace } from "./pace.ts";
import { repeated, waitBefore } from "./repeated.ts";

const question = (repetition: Repetition) => ({ action: "A", url: "http://192.0.2.1/", repetition });
const error = (code: string, status: number) => new CloudError({ code, status, message: "no", action: "A" });
const always = (thrown: Error) => () => Promise.reject(thrown);

describe("waits between tries", () => {
  test.each([
    { attempt: 1, random: 0, ms: 0 },
    { attempt: 1, random: 0.5, ms: 250 },
    { attempt: 2, random: 0.5, ms: 500 },
    { attempt: 5, random: 0.5, ms: 4_000 },
    { attempt: 9, random: 0.5, ms: 4_000 },
    { attempt: 9, random: 0.999, ms: 7_992 },
  ])("after try $attempt with the dice at $random: $ms ms", ({ attempt, random, ms }) => {
    expect(waitBefore(attempt, random)).toBe(ms);
  });

  test("no try begins after a minute, unless the connection says otherwise", async () => {
    const pace = fakePace();
    await expect(repeated({ pace }, question("read"), always(error("Timeout", 0)))).rejects.toMatchObject({
      code: "Timeout",
    });
    expect(pace.now()).toBeGreaterThan(50_000);
    expect(pace.now()).toBeLessThan(60_000);

    const impatient = fakePace();
    const none = { pace: impatient, patienceMs: 0 };
    await expect(repeated(none, question("read"), always(error("Timeout", 0)))).rejects.toThrow();
    expect(impatient.waits).toEqual([]);
  });

  test("are reported, with the reason and the number of the next try", async () => {
    const reported: string[] = [];
    const manner = { pace: fakePace(), patienceMs: 300, onWait: (text: string) => reported.push(text) };
    await expect(repeated(manner, question("read"), always(error(FOREIGN_ANSWER, 200)))).rejects.toThrow();
    expect(reported).toEqual(["A: no; asking again in 0.3 s (try 2)"]);
  });

  test("end when the run is cancelled, and so does the repetition", async () => {
    const cancellation = new AbortController();
    const pace: Pace = {
      ...fakePace(),
      sleep: () => {
        cancellation.abort();
        return Promise.resolve();
      },
    };
    let tries = 0;
    const manner = { pace, cancelled: cancellation.signal };
    const count = () => {
      tries += 1;
      return Promise.reject(error("Timeout", 0));
    };
    await expect(repeated(manner, question("read"), count)).rejects.toMatchObject({ code: "Timeout" });
    expect(tries).toBe(1);
  });
});

test("a call without an answer is reported again and again, until it has one", async () => {
  const reported: string[] = [];
  let isStopped = false;
  const every: Pace["every"] = (_ms, tick) => {
    tick();
    tick();
    return () => {
      isStopped = true;
    };
  };
  const manner = { pace: { ...fakePace(), every }, onWait: (text: string) => reported.push(text) };
  await repeated(manner, question("once"), () => Promise.resolve());
  expect(reported).toEqual([
    "A: no answer from http://192.0.2.1/ for 10 s",
    "A: no answer from http://192.0.2.1/ for 20 s",
  ]);
  expect(isStopped).toBe(true);
});

test("each try has its time: 20 s to read, a minute to change something, or what the connection says", async () => {
  const timeOf = (repetition: Repetition, timeoutMs?: number) =>
    repeated({ timeoutMs }, question(repetition), ({ timeoutMs: ms }) => Promise.resolve(ms));
  expect(await timeOf("read")).toBe(20_000);
  expect(await timeOf("once")).toBe(60_000);
  expect(await timeOf("idempotent", 5)).toBe(5);
});

test("the clock is learned once, and no patience is needed for that", async () => {
  const date = new Date(Date.now() + 3_600_000);
  const refusal = new CloudError({ code: "403 Forbidden", status: 403, message: "no", action: "A", date });
  let tries = 0;
  const call = () => {
    tries += 1;
    return Promise.reject(refusal);
  };
  const manner = { pace: fakePace(), clock: createClock(), patienceMs: 0 };
  await expect(repeated(manner, question("once"), call)).rejects.toBe(refusal);
  expect(tries).toBe(2);
});

test("an error that is not the cloud's is not repeated", async () => {
  const pace = fakePace();
  await expect(repeated({ pace }, question("read"), always(new TypeError("bug")))).rejects.toThrow(TypeError);
  expect(pace.waits).toEqual([]);
});
