import { describe, expect, test } from "@jest/globals";
import type { Call } from "./call.ts";
import { callOf, crashPoints, falsifiedRunsOf, faultPoints, idOf, killsOf } from "./points.ts";

const read = (name: string, nth = 1): Call => ({ name, nth, isRead: true, service: "ec2" });
const write = (name: string, nth = 1): Call => ({ name, nth, isRead: false, service: "ec2" });

const CALLS = [
  read("DescribeInstances", 1),
  write("RunInstances"),
  read("DescribeInstances", 2),
  read("DescribeInstances", 3),
  write("CreateTags"),
  read("DescribeInstances", 4),
  read("DescribeAddresses"),
];

/** The cloud acts, and the engine writes it down before the next write. */
const MARKS: Readonly<Record<string, string>> = {
  "before DescribeInstances#1": "nothing",
  "before RunInstances#1": "begun",
  "acted RunInstances#1": "runs",
  "answered RunInstances#1": "runs",
  "before CreateTags#1": "runs",
  "acted CreateTags#1": "tagged",
  "answered CreateTags#1": "tagged",
  "answered DescribeAddresses#1": "done",
};
const markAt = ({ name, nth }: Call, stage: string) => MARKS[`${stage} ${name}#${nth}`];

describe("points of a crash", () => {
  const points = crashPoints("vpc", "first", { calls: CALLS, markAt });

  test("are every stage of every write, and the two ends of the command", () => {
    const places = [...new Set(points.map(({ stage, call }) => `${stage} ${call}`))];
    expect(places).toEqual([
      "before DescribeInstances#1",
      ...["before RunInstances#1", "acted RunInstances#1", "answered RunInstances#1"],
      ...["before CreateTags#1", "acted CreateTags#1", "answered CreateTags#1"],
      "answered DescribeAddresses#1",
    ]);
  });

  test("are each of two processes, and go on in each of three ways", () => {
    expect(points).toHaveLength(8 * 2 * 3);
    expect(new Set(points.map(idOf)).size).toBe(points.length);
  });

  test("need one kill where cloud and state are the same, except that what may be left is the same, too", () => {
    const kills = killsOf(points.filter(({ victim }) => victim === "engine"));
    expect(kills.map((those) => [...new Set(those.map(({ stage, call }) => `${stage} ${call}`))])).toEqual([
      ["before DescribeInstances#1"],
      ["before RunInstances#1"],
      ["acted RunInstances#1", "answered RunInstances#1"],
      ["before CreateTags#1"], // a server may be left from here on
      ["acted CreateTags#1", "answered CreateTags#1"],
      ["answered DescribeAddresses#1"],
    ]);
    expect(killsOf(points)).toHaveLength(2 * kills.length);
  });

  test("need a kill each where nothing is known of cloud and state", () => {
    const unknown = crashPoints("vpc", "first", { calls: CALLS, markAt: () => undefined });
    expect(killsOf(unknown)).toHaveLength(8 * 2);
  });
});

describe("points of a fault", () => {
  const points = faultPoints("edge", "first", { calls: CALLS });

  test("are every call, but for a read that is asked again with no write in between", () => {
    expect([...new Set(points.map(({ call }) => call))]).toEqual([
      ...["DescribeInstances#1", "RunInstances#1", "DescribeInstances#2", "CreateTags#1"],
      ...["DescribeInstances#4", "DescribeAddresses#1"],
    ]);
  });

  test("are each of thirteen faults, once and for ever", () => {
    expect(points).toHaveLength(6 * 13 * 2);
    expect(new Set(points.map(idOf)).size).toBe(points.length);
  });

  test("are looked at together, once and for ever, and for a read also whichever way the connection broke", () => {
    const runs = falsifiedRunsOf(points);
    const together = runs.map((those) => those.map(({ call, fault, lasting }) => `${call} ${fault} ${lasting}`));
    expect(together).toContainEqual(["RunInstances#1 lost-answer for ever", "RunInstances#1 lost-answer once"]);
    expect(together).toContainEqual(
      ["for ever", "once"].flatMap((lasting) =>
        ["lost-request", "lost-answer"].map((fault) => `DescribeInstances#1 ${fault} ${lasting}`),
      ),
    );
    expect(runs).toHaveLength(2 * 13 + 4 * 12);
  });
});

test("a label names its call, whatever the call's name is", () => {
  expect(callOf("PUT planet/a#b.html#12")).toEqual({ name: "PUT planet/a#b.html", nth: 12 });
});
