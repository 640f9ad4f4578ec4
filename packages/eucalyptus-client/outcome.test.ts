import { describe, expect, test } from "@jest/globals";
import { CloudError, FOREIGN_ANSWER } from "./cloudError.ts";
import { isAmbiguous, isNotDone } from "./outcome.ts";

describe("what a failed write may have done", () => {
  test.each([
    { name: "no answer in time", code: "Timeout", status: 0, ambiguous: true, notDone: false },
    { name: "a connection that broke", code: "Unreachable", status: 0, ambiguous: true, notDone: false },
    { name: "no connection", code: "Unreachable", status: 0, isUnsent: true, ambiguous: false, notDone: true },
    { name: "a web page as a good answer", code: FOREIGN_ANSWER, status: 200, ambiguous: true, notDone: false },
    { name: "a web page as 404", code: FOREIGN_ANSWER, status: 404, ambiguous: true, notDone: false },
    { name: "a proxy's 502", code: FOREIGN_ANSWER, status: 502, ambiguous: true, notDone: false },
    { name: "a front end's 429", code: FOREIGN_ANSWER, status: 429, ambiguous: false, notDone: true },
    { name: "a fault of the cloud's", code: "InternalFailure", status: 500, ambiguous: true, notDone: false },
    { name: "a service that starts", code: "ServiceUnavailable", status: 503, ambiguous: false, notDone: true },
    { name: "a busy storage", code: "SlowDown", status: 503, ambiguous: false, notDone: true },
    { name: "too many calls", code: "RequestLimitExceeded", status: 503, ambiguous: false, notDone: true },
    { name: "too many calls, as 400", code: "Throttling", status: 400, ambiguous: false, notDone: true },
    { name: "a refusal", code: "InvalidGroup.NotFound", status: 400, ambiguous: false, notDone: false },
    { name: "wrong keys", code: "403 Forbidden", status: 403, ambiguous: false, notDone: false },
    { name: "a call that named nothing", code: "MissingParameter", status: 0, ambiguous: false, notDone: false },
  ])("$name", ({ name: _, ambiguous, notDone, ...facts }) => {
    const error = new CloudError({ ...facts, message: "no", action: "AllocateAddress" });
    expect({ ambiguous: isAmbiguous(error), notDone: isNotDone(error) }).toEqual({ ambiguous, notDone });
  });

  test("RunInstances' 503 is any failure of the allocator: look, and do not ask again", () => {
    const error = new CloudError({ code: "ServiceUnavailable", status: 503, message: "no", action: "RunInstances" });
    expect({ ambiguous: isAmbiguous(error), notDone: isNotDone(error) }).toEqual({ ambiguous: true, notDone: false });
  });

  test("an answer that is not the cloud's says nothing about the call", () => {
    expect(isAmbiguous(new Error("bug"))).toBe(false);
  });
});
