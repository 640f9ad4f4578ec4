import { describe, expect, test } from "@jest/globals";
import type { Call } from "./call.ts";
import { callOf, crashPoints, faultPoints, idOf } from "./points.ts";

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

describe("points of a crash", () => {
  const points = crashPoints("vpc", "first", CALLS);

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
});

describe("points of a fault", () => {
  const points = faultPoints("edge", "first", CALLS);

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
});

test("a label names its call, whatever the call's name is", () => {
  expect(callOf("PUT planet/a#b.html#12")).toEqual({ name: "PUT planet/a#b.html", nth: 12 });
});
