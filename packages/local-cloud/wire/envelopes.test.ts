import { createHmac } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { exchange } from "../testing/s3Client.ts";
import { startTestCloud, type TestCloud } from "../testing/testCloud.ts";

const encode = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

describe("the Query wire, signed by hand with version 2 (proves envelopes, clock and routing)", () => {
  let running: TestCloud;
  beforeAll(async () => {
    running = await startTestCloud();
  });
  afterAll(() => running.close());

  function call(given: Record<string, string>, change: { service?: string; secret?: string; aheadMs?: number } = {}) {
    const { accessKeyId, secretAccessKey } = running.cloud.credentials;
    const path = `/services/${change.service ?? "compute"}/`;
    const parameters = {
      ...given,
      AWSAccessKeyId: accessKeyId,
      SignatureMethod: "HmacSHA256",
      SignatureVersion: "2",
      Timestamp: new Date(Date.now() + (change.aheadMs ?? 0)).toISOString(),
    };
    const query = Object.entries(parameters)
      .map(([name, value]) => `${encode(name)}=${encode(value)}`)
      .sort()
      .join("&");
    const text = ["POST", new URL(running.endpoint).host, path, query].join("\n");
    const signature = createHmac("sha256", change.secret ?? secretAccessKey)
      .update(text)
      .digest("base64");
    return exchange({ method: "POST", url: running.endpoint + path, body: `${query}&Signature=${encode(signature)}` });
  }

  test.each([
    {
      name: "an undeclared parameter",
      given: { DryRun: "true" },
      status: 400,
      text: "Failed to bind the following fields:\nDryRun = true",
    },
    {
      name: "an unknown action",
      given: { Action: "Fly" },
      status: 400,
      text: "class mapping for element: Fly in namespace: ec2_amazonaws_com_doc_",
    },
    { name: "a wrong secret", change: { secret: "wrong" }, status: 403, text: "<Code>403 Forbidden</Code>" },
    { name: "a clock 30 s ahead", change: { aheadMs: 30_000 }, status: 403, text: "<Code>403 Forbidden</Code>" },
    {
      name: "a request 16 min old",
      change: { aheadMs: -16 * 60_000 },
      status: 403,
      text: "<Code>403 Forbidden</Code>",
    },
  ])("$name is a plain fault", async ({ given = {}, change = {}, status, text }) => {
    const reply = await call({ Action: "DescribeRegions", ...given }, change);
    expect(reply).toMatchObject({
      status,
      headers: { "content-type": "text/plain; charset=UTF-8", connection: "close", server: "Eucalyptus/5.1.0" },
    });
    expect(reply.text).toContain(text);
  });

  test("a refusal of the service has AWS's envelope with an empty namespace, and 500 for an unknown filter", async () => {
    const missing = await call({ Action: "DescribeInstances", InstanceId: "i-00000000" });
    expect([missing.status, missing.headers["content-type"]]).toEqual([400, "application/xml; charset=UTF-8"]);
    expect(missing.text).toMatch(
      /^<Response xmlns=""><Errors><Error><Code>InvalidInstanceID.NotFound<\/Code><Message>The instance ID 'i-00000000' does not exist<\/Message><\/Error><\/Errors><RequestID>[0-9a-f-]{36}<\/RequestID><\/Response>$/,
    );
    const filter = await call({ Action: "DescribeImages", "Filter.1.Name": "ena-support", "Filter.1.Value.1": "true" });
    expect([filter.status, filter.text.includes("The filter 'ena-support' is invalid.")]).toEqual([500, true]);
  });

  test("the version asked for is the answer's namespace, and odd roots are kept", async () => {
    const types = await call({ Action: "DescribeInstanceTypes", Version: "2014-06-15", InstanceType: "t2.small" });
    expect(types.text).toMatch(
      /^<DescribeInstanceTypesResponseType xmlns="http:\/\/ec2.amazonaws.com\/doc\/2014-06-15\/"><VmTypeMessage><requestId>[0-9a-f-]{36}<\/requestId><\/VmTypeMessage><instanceTypeDetails><item><name>t2.small</,
    );
  });

  test("identity by STS, lax about parameters; unknown paths are 404", async () => {
    const identity = await call(
      { Action: "GetCallerIdentity", Version: "2011-06-15", Foo: "bar" },
      { service: "Tokens" },
    );
    expect(identity.text).toMatch(
      /<Arn>arn:aws:iam::000000000042:user\/planet<\/Arn><Account>000000000042<\/Account><UserId>/,
    );
    expect(await call({}, { service: "Unknown" })).toMatchObject({ status: 404 });
  });
});
