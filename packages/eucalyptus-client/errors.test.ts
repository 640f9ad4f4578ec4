import { describe, expect, test } from "@jest/globals";
import { CloudError, isCloudError, parseFault } from "./errors.ts";

describe("parseFault (envelopes as in Corymbia/eucalyptus: ec2-base.xml, NioServerHandler.java, osg-nons-binding-inc.xml)", () => {
  test.each([
    {
      name: "a modelled EC2 refusal",
      body: "<Response><Errors><Error><Code>InvalidInstanceID.NotFound</Code><Message>The instance ID 'i-1' does not exist</Message></Error></Errors><RequestID>1</RequestID></Response>",
      status: 400,
      code: "InvalidInstanceID.NotFound",
      message: "The instance ID 'i-1' does not exist",
    },
    {
      name: "a pipeline fault, text/plain and ill-formed by its ampersand",
      body: '<?xml version="1.0"?><Response><Errors><Error><Code>400 Bad Request</Code><Message>Failed to bind the following fields:\nDryRun = a&b &lt;c&gt;\n</Message></Error></Errors><RequestID>Failed to bind</RequestID></Response>',
      status: 400,
      code: "400 Bad Request",
      message: "Failed to bind the following fields:\nDryRun = a&b <c>",
    },
    {
      name: "an S3 refusal",
      body: '<?xml version="1.0" encoding="UTF-8" ?><Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message><Resource>b/k</Resource><RequestId>1</RequestId></Error>',
      status: 404,
      code: "NoSuchKey",
      message: "The specified key does not exist.",
    },
    {
      name: "a page of a proxy",
      body: "<html><body><h1>Bad gateway</h1></body></html>",
      status: 502,
      code: "HTTP 502",
      message: "Bad gateway",
    },
    {
      name: "nothing at all",
      body: "",
      status: 500,
      code: "HTTP 500",
      message: "the cloud answered with HTTP status 500 and no text",
    },
  ])("$name", ({ body, status, code, message }) => {
    expect(parseFault(body, status)).toEqual({ code, message });
  });

  test("a code with a leading blank is the same code", () => {
    const error = new CloudError({ code: " InvalidVpcID.NotFound", status: 400, message: "no", action: "CreateTags" });
    expect(isCloudError(error, "InvalidVpcID.NotFound")).toBe(true);
    expect(error.message).toBe("CreateTags: no (InvalidVpcID.NotFound, HTTP 400)");
  });

  test("a status without a code is said once", () => {
    const fault = parseFault("<html>Bad gateway</html>", 502);
    expect(new CloudError({ ...fault, status: 502, action: "GET x" }).message).toBe("GET x: Bad gateway (HTTP 502)");
  });
});
