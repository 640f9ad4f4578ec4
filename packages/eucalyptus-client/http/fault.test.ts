import { describe, expect, test } from "@jest/globals";
import { parseFault } from "./fault.ts";

describe("parseFault (envelopes as in Corymbia/eucalyptus: ec2-base.xml, NioServerHandler.java, osg-nons-binding-inc.xml)", () => {
  test.each([
    {
      name: "a modelled EC2 refusal",
      body: "<Response><Errors><Error><Code>InvalidInstanceID.NotFound</Code><Message>The instance ID 'i-1' does not exist</Message></Error></Errors><RequestID>4f-1</RequestID></Response>",
      fault: { code: "InvalidInstanceID.NotFound", message: "The instance ID 'i-1' does not exist", requestId: "4f-1" },
    },
    {
      name: "a root with an empty namespace, as 5.1.0 sends it",
      body: '<Response xmlns=""><Errors><Error><Code>InternalFailure</Code><Message>no</Message></Error></Errors><RequestID>1</RequestID></Response>',
      fault: { code: "InternalFailure", message: "no", requestId: "1" },
    },
    {
      name: "a pipeline fault, text/plain, ill-formed by its ampersand, with its message for an id",
      body: '<?xml version="1.0"?><Response><Errors><Error><Code>400 Bad Request</Code><Message>Failed to bind the following fields:\nDryRun = a&b &lt;c&gt;\n</Message></Error></Errors><RequestID>Failed to bind</RequestID></Response>',
      fault: {
        code: "400 Bad Request",
        message: "Failed to bind the following fields:\nDryRun = a&b <c>",
        requestId: "",
      },
    },
    {
      name: "an S3 refusal",
      body: '<?xml version="1.0" encoding="UTF-8" ?><Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message><Resource>b/k</Resource><RequestId>1</RequestId></Error>',
      fault: { code: "NoSuchKey", message: "The specified key does not exist.", requestId: "1" },
    },
    {
      name: "an STS refusal",
      body: '<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message></Error><RequestId>1</RequestId></ErrorResponse>',
      fault: { code: "AccessDenied", message: "no", requestId: "1" },
    },
    { name: "a page of a proxy", body: "<html><body><h1>Bad gateway</h1></body></html>", fault: undefined },
    { name: "nothing at all", body: "", fault: undefined },
    { name: "a fault without a code", body: "<Error><Message>no</Message></Error>", fault: undefined },
    { name: "half a fault", body: "<Response><Errors><Error><Code>InternalFailure</Code>", fault: undefined },
    {
      name: "a page that quotes a fault",
      body: "<html><Error><Code>NoSuchKey</Code></Error></html>",
      fault: undefined,
    },
  ])("$name", ({ body, fault }) => {
    expect(parseFault(body)).toEqual(fault);
  });
});
