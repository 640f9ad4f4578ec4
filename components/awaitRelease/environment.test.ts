import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { NO_HTTPS } from "./certificate.ts";
import {
  membersEnvironment,
  membersTask,
  readinessEnvironment,
  readinessTask,
  servedEnvironment,
  servedTask,
  trafficEnvironment,
  trafficTask,
} from "./environment.ts";

const text = fc.string();
const seconds = fc.integer({ min: 0, max: 999_999 });
const certificate = { host: text, keyId: text, certificateUrl: text };
const readiness = fc.record({
  ...{ release: text, deadlineSeconds: seconds, instanceId: text },
  ...{ publicAddress: text, privateAddress: text, ec2Url: text, region: text, ...certificate },
});
const served = fc.record({
  ...{ release: text, deadlineSeconds: seconds, address: text, drainingSeconds: seconds, ...certificate },
});
const oneTask = { release: "0a1b2c3d", deadlineSeconds: 60, address: "a", drainingSeconds: 0, ...NO_HTTPS };
const members = fc.record({
  ...{ release: text, deadlineSeconds: seconds, group: text },
  ...{ autoScalingUrl: text, ec2Url: text, region: text, ...certificate },
});
const traffic = fc.record({
  ...{ release: text, deadlineSeconds: seconds, count: seconds },
  ...{ dnsName: text, nameServer: text, ...certificate },
});
const environmentOf = (written: object) => written as NodeJS.ProcessEnv;

describe("the gate's environment", () => {
  test("the program reads what the stack writes", () => {
    fc.assert(
      fc.property(readiness, (task) => {
        expect(readinessTask(environmentOf(readinessEnvironment(task)))).toEqual(task);
      }),
    );
    fc.assert(
      fc.property(served, (task) => {
        expect(servedTask(environmentOf(servedEnvironment(task)))).toEqual(task);
      }),
    );
    fc.assert(
      fc.property(members, traffic, (group, name) => {
        expect(membersTask(environmentOf(membersEnvironment(group)))).toEqual(group);
        expect(trafficTask(environmentOf(trafficEnvironment(name)))).toEqual(name);
      }),
    );
  });

  test("a missing name stops at once: an absent deadline is not a deadline of 0", () => {
    const whole = servedEnvironment(oneTask);
    for (const name of Object.keys(whole)) {
      const { [name]: _, ...rest } = whole;
      expect(() => servedTask(environmentOf(rest))).toThrow(expect.objectContaining({ code: "VARIABLE_MISSING" }));
    }
  });

  test.each(["", "soon", "-1", "1.5", "1e3", "NaN"])(
    "the deadline %j stops at once: it would wait forever",
    (value) => {
      const environment = environmentOf(servedEnvironment(oneTask));
      expect(() => servedTask({ ...environment, PLANET_DEADLINE: value })).toThrow(
        expect.objectContaining({ code: "VARIABLE_MALFORMED" }),
      );
    },
  );
});
