import { describe, expect, test } from "@jest/globals";
import type { AnswerFaultName } from "@planet/local-cloud/testing";
import type { Call } from "./call.ts";
import { judgeMessage, judgePatience } from "./judgeCommand.ts";
import type { FaultPoint } from "./points.ts";

const ENDPOINT = "http://127.0.0.1:8773";
const MOVE: Call = { name: "AssociateAddress", nth: 1, isRead: false, service: "ec2" };
const LOOK: Call = { name: "DescribeAddresses", nth: 1, isRead: true, service: "ec2" };
const PUT: Call = { name: "PUT planet/objects/*", nth: 1, isRead: false, service: "s3" };
const ended = (output: string, exitCode = 255, longestSilenceMs = 0) => ({
  exitCode,
  output,
  stdout: "",
  longestSilenceMs,
});
const point = (fault: AnswerFaultName, lasting: FaultPoint["lasting"] = "once"): FaultPoint => {
  return { suite: "faults", mode: "vpc", scenario: "first", fault, lasting, call: "" };
};

describe("the message of a failure", () => {
  test.each<[string, Call, string]>([
    ["AssociateAddress of 127.0.0.1:8773: nothing came. Run `pulumi up` again.", MOVE, ""],
    ["PUT object planet/objects/0123 of 127.0.0.1:8773: cut. Run `pulumi up` again.", PUT, ""],
    ["AssociateAddress: foreign (127.0.0.1:8773). Is http://127.0.0.1:8773 the cloud's endpoint?", MOVE, ""],
    ["127.0.0.1:8773: nothing came. Run `pulumi up` again.", MOVE, "the call"],
    ["AssociateAddress: nothing came. Run `pulumi up` again.", MOVE, "the endpoint"],
    ["AssociateAddress of 127.0.0.1:8773: nothing came.", MOVE, "what to do"],
  ])("%s", (output, call, missing) => {
    const complaints = judgeMessage(call, ended(output), ENDPOINT);
    if (missing === "") expect(complaints).toEqual([]);
    else expect(complaints).toEqual([expect.stringContaining(`does not name ${missing}:`)]);
  });
});

describe("a command", () => {
  test.each<[AnswerFaultName, Call, number]>([
    ["web-page-503", LOOK, 1],
    ["lost-answer", LOOK, 1],
    ["throttling", LOOK, 1],
    ["throttling", MOVE, 1],
    ["slow-answer", MOVE, 1],
    ["web-page-503", MOVE, 0],
    ["lost-answer", MOVE, 0],
    ["web-page", LOOK, 0],
  ])("after %s has to go on, or need not", (fault, call, complaints) => {
    expect(judgePatience(point(fault), call, ended(""))).toHaveLength(complaints);
    expect(judgePatience(point(fault, "for ever"), call, ended(""))).toEqual([]);
    expect(judgePatience(point(fault), call, ended("", 0))).toEqual([]);
  });

  test("is never silent for long", () => {
    expect(judgePatience(point("no-answer"), LOOK, ended("", 0, 20_000))).toEqual(["it said nothing for 20 s"]);
  });
});
