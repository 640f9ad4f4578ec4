import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { request } from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { freeze } from "../machine/freeze.ts";
import { descendantsOf, markOf } from "../machine/processes.ts";
import { exchange, type Reply, type Sent, signedV4 } from "../testing/s3Client.ts";
import { eventually, startTestCloud, type TestCloud } from "../testing/testCloud.ts";
import type { AnswerFaultName } from "./answerFaults.ts";
import { FAULTS } from "./catalogue.ts";
import { wantedFault } from "./wantedFault.ts";

let running: TestCloud;
beforeEach(async () => {
  running = await startTestCloud();
  await s3("PUT", "/planet");
});
afterEach(() => running.close());

const ec2 = (action: string, parameters: Readonly<Record<string, string>> = {}): Promise<Reply> => {
  const body = new URLSearchParams({ Action: action, Version: "2016-11-15", ...parameters }).toString();
  const sent = { method: "POST", url: `${running.endpoint}/services/compute/`, body };
  return exchange(signedV4(sent, running.cloud.credentials).signed);
};
const s3 = (method: string, path: string, body = ""): Promise<Reply> => {
  const sent = { method, url: `${running.endpoint}/services/objectstorage${path}`, body };
  return exchange(signedV4(sent, running.cloud.credentials).signed);
};
/** What comes of an answer before its connection breaks. */
const cut = (sent: Sent): Promise<{ announced: number | undefined; text: string }> => {
  const { url, method, headers, body } = signedV4(sent, running.cloud.credentials).signed;
  return new Promise((resolve, reject) => {
    const asked = request(url, { method, headers }, (answer) => {
      let text = "";
      answer.on("data", (part: Buffer) => {
        text += part;
      });
      answer.on("error", () => resolve({ announced: Number(answer.headers["content-length"]), text }));
      answer.on("end", () => reject(new Error("the answer is complete")));
    });
    asked.on("error", reject).end(body);
  });
};
const run = async () => {
  const [imageId = ""] = /emi-\w+/.exec((await ec2("DescribeImages")).text) ?? [];
  return ec2("RunInstances", { ImageId: imageId, InstanceType: "t2.small", MinCount: "1", MaxCount: "1" });
};
const addresses = () => running.cloud.describe().addresses.length;
const instance = () => running.cloud.describe().instances[0];

describe("a fault of answers", () => {
  const BROKEN = { status: 0 };
  test.each<[AnswerFaultName, { isDone: boolean; status: number; ec2: RegExp; s3: RegExp }]>([
    ["lost-request", { isDone: false, ...BROKEN, ec2: /^$/, s3: /^$/ }],
    ["lost-answer", { isDone: true, ...BROKEN, ec2: /^$/, s3: /^$/ }],
    ["empty-answer", { isDone: true, status: 200, ec2: /^$/, s3: /^$/ }],
    ["web-page", { isDone: false, status: 200, ec2: /<html>/, s3: /<html>/ }],
    ["web-page-404", { isDone: false, status: 404, ec2: /<html>/, s3: /<html>/ }],
    ["web-page-503", { isDone: false, status: 503, ec2: /<html>/, s3: /<html>/ }],
    ["foreign-xml", { isDone: false, status: 200, ec2: /<rss/, s3: /<rss/ }],
    ["throttling", { isDone: false, status: 503, ec2: /<Code>RequestLimitExceeded</, s3: /<Code>SlowDown</ }],
    ["unavailable", { isDone: false, status: 503, ec2: /<Code>ServiceUnavailable</, s3: /<Code>ServiceUnavailable</ }],
    ["internal-error", { isDone: true, status: 500, ec2: /<Code>InternalFailure</, s3: /<Code>InternalError</ }],
  ])("%s is that once, and the cloud has acted or not", async (fault, { isDone, status, ...texts }) => {
    const lost = { status: 0, text: "", headers: {} };
    running.cloud.setFault({ fault, action: "AllocateAddress", times: 1 });
    running.cloud.setFault({ fault, action: "PutObject", times: 1 });
    const [allocated, put] = [
      await ec2("AllocateAddress").catch(() => lost),
      await s3("PUT", "/planet/a", "x").catch(() => lost),
    ];
    expect([allocated.status, put.status]).toEqual([status, status]);
    expect(allocated.text).toMatch(texts.ec2);
    expect(put.text).toMatch(texts.s3);
    expect([addresses(), (await s3("GET", "/planet/a")).status]).toEqual(isDone ? [1, 200] : [0, 404]);
    expect(running.cloud.faults.active).toEqual([]);
    expect((await ec2("AllocateAddress")).status).toBe(200);
  });

  test("a refusal has the envelope of its service, and an answer of another server nothing of the cloud", async () => {
    running.cloud.setFault({ fault: "throttling", times: 2 });
    const refusals = [await ec2("DescribeImages"), await s3("GET", "/planet")];
    expect(refusals.map(({ headers }) => headers.server)).toEqual(["Eucalyptus/5.1.0", "Eucalyptus/5.1.0"]);
    expect(refusals.map(({ text }) => text.replace(/<(?:Code|Message|RequestI[dD])>[^<]*/g, ""))).toEqual([
      '<Response xmlns=""><Errors><Error></Code></Message></Error></Errors></RequestID></Response>',
      '<?xml version="1.0" encoding="UTF-8" ?><Error></Code></Message><Resource></Resource></RequestId></Error>',
    ]);
    running.cloud.setFault({ fault: "web-page" });
    expect((await s3("GET", "/planet")).headers).not.toHaveProperty("x-amz-request-id");
  });

  test("slow-answer comes late, and is complete", async () => {
    running.cloud.setFault({ fault: "slow-answer", seconds: 0.2, times: 1 });
    const begin = performance.now();
    expect((await s3("GET", "/planet")).text).toContain("<ListBucketResult");
    expect(performance.now() - begin).toBeGreaterThan(180);
  });

  test("who waits for a slow answer gets it when the fault is cleared", async () => {
    running.cloud.setFault({ fault: "slow-answer", seconds: 600 });
    const asked = ec2("DescribeImages");
    await eventually(() => running.cloud.faults.active[0]?.met === 1);
    running.cloud.clearFault("slow-answer");
    expect((await asked).status).toBe(200);
  });

  test("no-answer acts and says nothing", async () => {
    running.cloud.setFault({ fault: "no-answer", action: "AllocateAddress" });
    const asked = ec2("AllocateAddress").then(
      () => "answered",
      () => "broken",
    );
    await eventually(() => addresses() === 1);
    expect(await Promise.race([asked, new Promise((resolve) => setTimeout(resolve, 100, "silent"))])).toBe("silent");
  });

  test("cut-answer announces the whole length, sends half and breaks; so does what has no body", async () => {
    await s3("PUT", "/planet/a", "0123456789");
    running.cloud.setFault({ fault: "cut-answer" });
    const s3Url = `${running.endpoint}/services/objectstorage`;
    const object = { method: "GET", url: `${s3Url}/planet/a` };
    expect(await cut(object)).toEqual({ announced: 10, text: "01234" });
    const list = await cut({ method: "GET", url: `${s3Url}/planet` });
    expect(list).toMatchObject({ announced: expect.any(Number), text: expect.stringContaining("<ListBucketResult") });
    expect(Math.floor((list.announced ?? 0) / 2)).toBe(list.text.length);
    const body = "Action=DescribeImages&Version=2016-11-15";
    const images = await cut({ method: "POST", url: `${running.endpoint}/services/compute/`, body });
    expect(images.text).toMatch(/^<DescribeImagesResponse(?!.*<\/DescribeImagesResponse>)/s);
    await expect(s3("PUT", "/planet/b", "x")).rejects.toThrow();
  });

  test("a call without a signature meets it where the cloud performs such a call", async () => {
    await s3("PUT", "/planet/a", "x");
    await exchange(
      signedV4(
        {
          method: "PUT",
          url: `${running.endpoint}/services/objectstorage/planet/a?acl`,
          headers: { "x-amz-acl": "public-read" },
        },
        running.cloud.credentials,
      ).signed,
    );
    running.cloud.setFault({ fault: "throttling", times: 1 });
    const read = { method: "GET", url: `${running.endpoint}/services/objectstorage/planet/a` };
    expect((await exchange(read)).text).toContain("SlowDown");
    expect((await exchange(read)).text).toBe("x");
  });

  test("full-store refuses what stores, and nothing else", async () => {
    running.cloud.setFault({ fault: "full-store" });
    expect(await s3("PUT", "/planet/a", "x")).toMatchObject({
      status: 500,
      text: expect.stringContaining("InternalError"),
    });
    expect([(await s3("GET", "/planet")).status, (await s3("PUT", "/other")).status]).toEqual([200, 200]);
  });

  test("a call that is not proven meets none", async () => {
    running.cloud.setFault({ fault: "throttling", times: 1 });
    await exchange({ method: "POST", url: `${running.endpoint}/services/compute/`, body: "Action=DescribeImages" });
    expect(running.cloud.faults.active).toMatchObject([{ met: 0 }]);
  });

  test("it meets its action and no other, for ever unless it is counted", async () => {
    running.cloud.setFault({ fault: "throttling", action: "DescribeImages" });
    const asked = [await ec2("DescribeVpcs"), await ec2("DescribeImages"), await ec2("DescribeImages")];
    expect(asked.map(({ status }) => status)).toEqual([200, 503, 503]);
    expect(running.cloud.faults.active).toMatchObject([{ fault: "throttling", met: 2 }]);
  });
});

describe("a fault of the cloud", () => {
  test("no-capacity refuses a launch in the cloud's words, after all that it checks before", async () => {
    running.cloud.setFault({ fault: "no-capacity", times: 1 });
    expect((await ec2("RunInstances", { MinCount: "1", MaxCount: "1" })).text).toContain("InvalidAMIID.NotFound");
    expect(await run()).toMatchObject({
      status: 503,
      text: expect.stringContaining(
        "<Code>ServiceUnavailable</Code><Message>Not enough resources (0 in  &lt; 1): vm instances.",
      ),
    });
    expect((await run()).status).toBe(200);
  });

  test.each([
    [3_600, /Message has expired/],
    [-3_600, /Message was generated in the future/],
  ])("a clock that is %d s ahead refuses signatures, and its Date says why", async (seconds, text) => {
    running.cloud.setFault({ fault: "clock-skew", seconds });
    const refused = await ec2("DescribeImages");
    expect(refused).toMatchObject({ status: 403, text: expect.stringMatching(text) });
    expect((Date.parse(String(refused.headers.date)) - Date.now()) / seconds / 1000).toBeCloseTo(1, 2);
    expect((await s3("GET", "/planet")).text).toContain("RequestTimeTooSkewed");
    running.cloud.clearFault("clock-skew");
    expect((await ec2("DescribeImages")).status).toBe(200);
  });
});

describe("a fault of machines", () => {
  test("slow-boot leaves a server pending until its time has come", async () => {
    running.cloud.setFault({ fault: "slow-boot", seconds: 600, times: 1 });
    await run();
    await eventually(() => running.cloud.faults.active.length === 0);
    expect([instance()?.state, running.driver.machines.size]).toEqual(["pending", 0]);
    running.cloud.clearFault();
    await eventually(() => instance()?.state === "running");
  });

  test("failed-boot ends a server with the node's reason", async () => {
    running.cloud.setFault({ fault: "failed-boot", times: 1 });
    await run();
    await eventually(() => instance()?.state === "terminated");
    expect((await ec2("DescribeInstances")).text).toContain("<reason>FAILED: The instance failed to start on the NC.");
  });

  test("full-disk starts a server with little room, and the next one as ever", async () => {
    running.cloud.setFault({ fault: "full-disk", times: 1 });
    await run();
    await run();
    await eventually(() => running.driver.machines.size === 2);
    expect([...running.driver.machines.values()].map(({ diskLimitMb }) => diskLimitMb)).toEqual([24, undefined]);
  });

  test("frozen-machine stops a running server and lets it go on", async () => {
    const calls: unknown[] = [];
    Object.assign(running.driver, { freeze: (...call: unknown[]) => calls.push(call) });
    await running.restart(); // the driver is asked for what it can do at the start
    await run();
    await eventually(() => instance()?.state === "running");
    const id = instance()?.instanceId ?? "";
    running.cloud.setFault({ fault: "frozen-machine", instance: id });
    expect(instance()?.state).toBe("running");
    running.cloud.clearFault();
    expect(calls).toEqual([
      [id, true],
      [id, false],
    ]);
  });

  test("frozen-machine is refused for what does not run, and where there are no machines", async () => {
    const freezeIt = (id: string) => () => running.cloud.setFault({ fault: "frozen-machine", instance: id });
    expect(freezeIt("i-00000001")).toThrow(expect.objectContaining({ code: "WRONG_FAULT" }));
    await run();
    await eventually(() => instance()?.state === "running");
    expect(freezeIt(instance()?.instanceId ?? "")).toThrow(expect.objectContaining({ code: "NO_MACHINES" }));
    expect(running.cloud.faults.active).toEqual([]);
  });

  test("freezing reaches a process and all below it", async () => {
    const shell = spawn("sh", ["-c", "(sleep 60; true) & (sleep 60; true) & wait"], { stdio: "ignore" });
    const mark = markOf(shell.pid ?? 0);
    if (!mark) throw new Error("no shell");
    await eventually(() => descendantsOf(mark.pid).length === 4);
    const family = [mark.pid, ...descendantsOf(mark.pid)];
    const states = () => family.map((pid) => / ([A-Z]) /.exec(readFileSync(`/proc/${pid}/stat`, "utf8"))?.[1]).join("");
    freeze(mark, true);
    await eventually(() => states() === "TTTTT");
    freeze(mark, false);
    await eventually(() => states() === "SSSSS");
    for (const pid of family) process.kill(pid, "SIGKILL");
  });
});

test("all faults end with the cloud", async () => {
  running.cloud.setFault({ fault: "throttling" });
  await running.restart();
  expect(running.cloud.faults.active).toEqual([]);
});

test.each<[string, Record<string, unknown>]>([
  ["an unknown one", { fault: "thunder" }],
  ["none", {}],
  ["what it does not take", { fault: "no-capacity", action: "RunInstances" }],
  ["an option that there is not", { fault: "throttling", colour: "red" }],
  ["a wrong number of times", { fault: "throttling", times: 0 }],
  ["half a time", { fault: "throttling", times: 1.5 }],
  ["a text for seconds", { fault: "slow-answer", seconds: "6" }],
  ["a time that runs back", { fault: "slow-answer", seconds: -1 }],
  ["no instance", { fault: "frozen-machine" }],
  ["another's path", { fault: "frozen-machine", instance: "../../etc" }],
  ["no name of an action", { fault: "throttling", action: "" }],
  ["an operation that there is not", { fault: "throttling", action: "Nonsense" }],
])("a wish for %s is refused", (_, given) => {
  expect(() => wantedFault(given)).toThrow(expect.objectContaining({ code: "WRONG_FAULT" }));
});

test("each fault takes what its kind says, with the usual seconds", () => {
  for (const [fault, { takes, seconds }] of Object.entries(FAULTS)) {
    const given = { action: "RunInstances", times: 2, instance: "i-00000001" };
    const taken = Object.fromEntries(Object.entries(given).filter(([detail]) => takes.some((each) => each === detail)));
    expect(wantedFault({ fault, ...taken })).toEqual({ fault, ...taken, ...(seconds !== undefined && { seconds }) });
  }
});
