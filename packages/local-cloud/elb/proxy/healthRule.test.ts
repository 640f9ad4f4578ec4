import { expect, test } from "@jest/globals";
import { afterCheck, UNKNOWN } from "./healthRule.ts";

const THRESHOLDS = { healthyThreshold: 2, unhealthyThreshold: 3 };

test.each([
  ["the first success puts it in service at once", "+", "InService"],
  ["nothing is decided before the unhealthy threshold", "--", undefined],
  ["out of service after the unhealthy threshold", "---", "OutOfService"],
  ["a success in between begins the count anew", "+--+--", "InService"],
  ["out of service after failures in a row", "+---", "OutOfService"],
  ["the healthy threshold counts after that", "+---+", "OutOfService"],
  ["in service after the healthy threshold", "+---++", "InService"],
])("%s (%s)", (_what, checks, state) => {
  const health = [...checks].reduce((before, sign) => afterCheck(before, sign === "+", THRESHOLDS), UNKNOWN);
  expect(health.state).toBe(state);
});
