import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createAutoScaling } from "./autoscaling/createAutoScaling.ts";
import { createClock } from "./clock.ts";
import { CloudError } from "./cloudError.ts";
import type { Manner } from "./connection.ts";
import { createEc2 } from "./ec2/createEc2.ts";
import { createElb } from "./elb/createElb.ts";
import { createS3 } from "./s3/createS3.ts";
import { serviceUrls } from "./serviceUrls.ts";
import { createSts } from "./sts/createSts.ts";
import { type CannedAnswer, type CannedServer, cannedServer } from "./testing/cannedServer.ts";
import { EVERY_CALL, type EveryCall, type Services } from "./testing/everyCall.ts";
import { fakePace } from "./testing/fakePace.ts";

/** Time for three tries: waits of 50 and 100 ms. */
const PATIENCE_MS = 300;
const TRIES = 3;

let server: CannedServer;
let answerTo: (count: number) => CannedAnswer;
/** Never answers. One of its own: a request that its client has given up may arrive in the next test. */
let silent: CannedServer;
beforeAll(async () => {
  server = await cannedServer(() => answerTo(server.seen.length));
  silent = await cannedServer(() => ({ cut: "never" }));
});
afterAll(async () => {
  await server.close();
  await silent.close();
});

function services(manner: Manner = {}, { origin } = server): Services {
  const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" };
  const pace = fakePace(0.1);
  const connection = { region: "r", credentials, clock: createClock(), patienceMs: PATIENCE_MS, pace, ...manner };
  const { autoscaling, ec2, elb, s3, sts } = serviceUrls(origin);
  return {
    autoScaling: createAutoScaling(autoscaling, connection),
    ec2: createEc2(ec2, connection),
    elb: createElb(elb, connection),
    s3: createS3(s3, connection),
    sts: createSts(sts, connection),
  };
}

let kept: Services | undefined;
const plain = () => (kept ??= services());

/** How a call ends, and after how many tries: `good 1`, `ForeignAnswer 3`. */
async function outcome(call: EveryCall, answer: typeof answerTo, manner?: Manner): Promise<string> {
  answerTo = answer;
  server.seen.length = 0;
  const end = await call.run(manner ? services(manner) : plain()).then(
    () => "good",
    (error: unknown) => (error instanceof CloudError ? error.code : String(error)),
  );
  return `${end} ${server.seen.length}`;
}

const HTML = { "Content-Type": "text/html" };
const PAGE = "<!DOCTYPE html><html><head><title>Sign in</title></head><body/></html>";
const OTHER =
  '<OtherResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>1</requestId></OtherResponse>';
const OWN = { "x-amz-request-id": "4f-1" };
const fault = (code: string) =>
  `<Response><Errors><Error><Code>${code}</Code><Message>no</Message></Error></Errors><RequestID>4f-1</RequestID></Response>`;
const refusal = (status: number, code: string): CannedAnswer => ({ status, headers: OWN, body: fault(code) });

/** How a call ends that always gets this answer, depending on whether it may be repeated. */
const FAULTS: readonly { readonly name: string; readonly answer: CannedAnswer; readonly code: string }[] = [
  { name: "empty 200", answer: {}, code: "ForeignAnswer" },
  { name: "HTML 200", answer: { headers: HTML, body: PAGE }, code: "ForeignAnswer" },
  { name: "another action's answer", answer: { body: OTHER }, code: "ForeignAnswer" },
  { name: "a redirect", answer: { status: 302, headers: { Location: "/login" } }, code: "ForeignAnswer" },
  { name: "HTML 404", answer: { status: 404, headers: HTML, body: PAGE }, code: "ForeignAnswer" },
  { name: "HTML 500", answer: { status: 500, headers: HTML, body: PAGE }, code: "ForeignAnswer" },
  { name: "HTML 502", answer: { status: 502, headers: HTML, body: PAGE }, code: "ForeignAnswer" },
  { name: "HTML 503", answer: { status: 503, headers: HTML, body: PAGE }, code: "ForeignAnswer" },
  { name: "empty 504", answer: { status: 504 }, code: "ForeignAnswer" },
  { name: "cut before", answer: { cut: "before" }, code: "Unreachable" },
  { name: "cut within", answer: { cut: "within", headers: OWN }, code: "Unreachable" },
];

describe.each(EVERY_CALL)("$name ($repetition)", (call) => {
  const isOnce = call.repetition === "once";
  const isHead = call.name.startsWith("head");
  // A HEAD has no body that could be cut.
  const faults = FAULTS.filter(({ answer }) => !isHead || answer.cut !== "within");

  test("takes the cloud's own answer, at the first try", async () => {
    expect(await outcome(call, () => call.good)).toBe("good 1");
  });

  test("takes nothing else, and repeats what may be repeated", async () => {
    const found: [string, string][] = [];
    for (const { name, answer } of faults) found.push([name, await outcome(call, () => answer)]);
    expect(found).toEqual(faults.map(({ name, code }) => [name, `${code} ${isOnce ? 1 : TRIES}`]));
  });

  test("goes on after one wrong answer where it may be repeated", async () => {
    const after = (answer: CannedAnswer) => outcome(call, (count) => (count === 1 ? answer : call.good));
    expect(await after({})).toBe(isOnce ? "ForeignAnswer 1" : "good 2");
    expect(await after({ cut: "before" })).toBe(isOnce ? "Unreachable 1" : "good 2");
  });

  test("asks again after two answers that nothing was done, except for a launch, where they mean that there is no room", async () => {
    const after = (answer: CannedAnswer) => outcome(call, (count) => (count <= 2 ? answer : call.good));
    expect(await after({ status: 429, headers: HTML, body: PAGE })).toBe("good 3");
    if (isHead) return; // its answers have no code
    expect(await after(refusal(503, "RequestLimitExceeded"))).toBe("good 3");
    expect(await after(refusal(503, "ServiceUnavailable"))).toBe(
      call.name === "RunInstances" ? "ServiceUnavailable 1" : "good 3",
    );
  });

  test("a fault of the cloud's is final for what changes something; reads are repeated twice", async () => {
    const end = await outcome(call, () => refusal(500, "InternalFailure"), { patienceMs: 10_000 });
    expect(end).toBe(`${isHead ? "HTTP 500" : "InternalFailure"} ${call.repetition === "read" ? 3 : 1}`);
  });

  test("silence is an end, too", async () => {
    const tries: unknown[] = [];
    const hurried = services({ timeoutMs: 50, onCall: ({ attempt }) => tries.push(attempt) }, silent);
    await expect(call.run(hurried)).rejects.toMatchObject({ code: "Timeout" });
    expect(tries).toHaveLength(isOnce ? 1 : TRIES);
  });
});

describe("half an answer, and one that lacks what it must have", () => {
  const withXml = EVERY_CALL.filter(({ good }) => good.body?.startsWith("<"));

  test.each(withXml)("of $name", async (call) => {
    const { body = "" } = call.good;
    const half = { ...call.good, body: body.slice(0, Math.floor(body.length / 2)) };
    const withoutId = { body: body.replaceAll(/<(requestId|RequestId)>.*?<\/\1>/g, "") };
    const bare = {
      ...call.good,
      body: `${body.slice(0, body.indexOf(">") + 1)}<requestId>4f-1</requestId></${rootIn(body)}>`,
    };
    for (const answer of [half, withoutId, bare]) expect(await outcome(call, () => answer)).toMatch(/^ForeignAnswer /);
  });

  const rootIn = (body: string) => /^<(\w+)/.exec(body)?.[1] ?? "";

  test.each([
    { name: "RunInstances", without: "instanceId" },
    { name: "DescribeInstances", without: "instanceId" },
    { name: "DescribeInstances", without: "instanceState" },
    { name: "AllocateAddress", without: "publicIp" },
    { name: "AllocateAddress", without: "allocationId" },
    { name: "AssociateAddress", without: "associationId" },
    { name: "CreateSecurityGroup", without: "groupId" },
    { name: "DescribeSecurityGroups", without: "groupId" },
    { name: "TerminateInstances", without: "instanceId" },
    { name: "DescribeAccountAttributes", without: "attributeValue" },
    { name: "ImportKeyPair", without: "keyFingerprint" },
    { name: "GetCallerIdentity", without: "Account" },
    { name: "listBuckets", without: "Buckets" },
    { name: "listObjects", without: "IsTruncated" },
    { name: "listObjects", without: "ETag" },
    { name: "getObjectAcl", without: "Grant" },
    { name: "getBucketAcl", without: "Owner" },
    { name: "CreateLoadBalancer", without: "DNSName" },
    { name: "DescribeLoadBalancers", without: "LoadBalancerName" },
    { name: "DescribeLoadBalancers", without: "InstancePort" },
    { name: "DescribeLoadBalancers", without: "LoadBalancerDescriptions" },
    { name: "DescribeInstanceHealth", without: "State" },
    { name: "ConfigureHealthCheck", without: "Interval" },
    { name: "ModifyLoadBalancerAttributes", without: "IdleTimeout" },
    { name: "RegisterInstancesWithLoadBalancer", without: "Instances" },
    { name: "DescribeAutoScalingGroups", without: "AutoScalingGroups" },
    { name: "DescribeAutoScalingGroups", without: "DesiredCapacity" },
    { name: "DescribeLaunchConfigurations", without: "ImageId" },
    { name: "UpdateAutoScalingGroup", without: "ResponseMetadata" },
  ])("$name without $without", async ({ name, without }) => {
    const call = EVERY_CALL.find((candidate) => candidate.name === name);
    if (!call) throw new Error(`there is no ${name}`);
    const body = call.good.body?.replace(new RegExp(`<${without}>.*?</${without}>`), "");
    expect(body).not.toBe(call.good.body);
    expect(await outcome(call, () => ({ ...call.good, body: body ?? "" }))).toMatch(/^ForeignAnswer /);
  });

  test.each(["putObject", "headObject", "getObject"])("%s with a false or no ETag", async (name) => {
    const call = EVERY_CALL.find((candidate) => candidate.name === name);
    if (!call) throw new Error(`there is no ${name}`);
    const { ETag: _, ...headers } = { ETag: "", ...call.good.headers };
    expect(await outcome(call, () => ({ ...call.good, headers }))).toMatch(/^ForeignAnswer /);
    const wrong = { ...call.good, headers: { ...call.good.headers, ETag: '"0"' } };
    expect(await outcome(call, () => wrong)).toMatch(name === "putObject" ? /^ForeignAnswer / : /^good /);
  });
});

describe("gone is what the cloud says in its own words", () => {
  const missing = ["headObject", "headBucket", "getObject", "deleteObject", "deleteBucket"];
  const calls = EVERY_CALL.filter(({ name }) => missing.includes(name));

  test.each(calls)("$name", async (call) => {
    const body = "<Error><Code>NoSuchKey</Code><Message>no</Message><RequestId>4f-1</RequestId></Error>";
    expect(await outcome(call, () => ({ status: 404, headers: OWN, body }))).toBe("good 1");
    expect(await outcome(call, () => ({ status: 404, body }))).toMatch(/^ForeignAnswer /);
    expect(await outcome(call, () => ({ status: 404, headers: HTML, body: PAGE }))).toMatch(/^ForeignAnswer /);
  });
});

describe("a service that the cloud lacks", () => {
  const ofElb = EVERY_CALL.find(({ name }) => name === "DescribeLoadBalancers");
  const ofEc2 = EVERY_CALL.find(({ name }) => name === "DescribeAddresses");
  const elsewhere = { status: 307, headers: { Location: "http://192.0.2.1:8773/services/LoadBalancing/" } };

  test("a redirect says so at once, an empty 503 after some patience: the front end may just be starting", async () => {
    expect(await outcome(ofElb as EveryCall, () => elsewhere)).toBe("ServiceNotEnabled 1");
    expect(await outcome(ofElb as EveryCall, () => ({ status: 503 }))).toBe(`ServiceNotEnabled ${TRIES}`);
  });

  test("is a foreign answer of the services that every cloud has", async () => {
    expect(await outcome(ofEc2 as EveryCall, () => elsewhere)).toBe(`ForeignAnswer ${TRIES}`);
  });

  test("is reported with what its administrator does", async () => {
    answerTo = () => elsewhere;
    const next = expect.stringContaining("esi-install-image --install-default");
    await expect(services().elb.describeLoadBalancers()).rejects.toMatchObject({ code: "ServiceNotEnabled", next });
  });
});

describe("the error", () => {
  test("names call, endpoint, the first words of what came, and what to look at", async () => {
    answerTo = () => ({ headers: HTML, body: PAGE });
    const error = await services()
      .ec2.describeAddresses({})
      .catch((caught: unknown) => caught);
    const { ec2: url } = serviceUrls(server.origin);
    expect(error).toMatchObject({ code: "ForeignAnswer", status: 200, action: "DescribeAddresses" });
    expect((error as Error).message).toContain(
      `DescribeAddresses: ${url} answered "<!DOCTYPE html><html><head><title>Sign in`,
    );
    expect((error as Error).message).toContain(`Is ${url} the cloud's endpoint?`);
  });

  test("has the cloud's request id", async () => {
    answerTo = () => refusal(400, "InvalidGroup.NotFound");
    const { ec2, s3 } = services();
    await expect(ec2.deleteSecurityGroup("sg-1")).rejects.toMatchObject({ requestId: "4f-1" });
    await expect(s3.headBucket("b")).rejects.toMatchObject({ requestId: "4f-1" });
  });

  test("a missing policy is reported with the action", async () => {
    answerTo = () => refusal(403, "UnauthorizedOperation");
    const { ec2, s3 } = services();
    await expect(ec2.createTags("i-1", { a: "b" })).rejects.toMatchObject({
      next: expect.stringContaining("ec2:CreateTags"),
    });
    await expect(s3.headObject("b", "k")).rejects.toMatchObject({ next: expect.stringContaining("s3:GetObject") });
  });
});

describe("what is reported to the caller", () => {
  test("of every try, without keys or contents", async () => {
    const reported: unknown[] = [];
    const good = EVERY_CALL.find(({ name }) => name === "DescribeAddresses")?.good ?? {};
    server.seen.length = 0;
    answerTo = (count) => (count === 1 ? refusal(503, "SlowDown") : good);
    const { ec2 } = services({ onCall: (seen) => reported.push(seen) });
    await ec2.describeAddresses({});
    expect(reported).toEqual([
      { action: "DescribeAddresses", status: 503, code: "SlowDown", requestId: "4f-1", ms: 0, attempt: 1 },
      { action: "DescribeAddresses", status: 200, code: "", requestId: "4f-1", ms: 0, attempt: 2 },
    ]);
  });
});
