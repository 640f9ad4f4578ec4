import { afterEach, describe, expect, test } from "@jest/globals";
import { createClock } from "../clock.ts";
import type { CloudError } from "../cloudError.ts";
import { type CannedAnswer, type CannedServer, cannedServer, type SeenRequest } from "../testing/cannedServer.ts";
import { fakePace } from "../testing/fakePace.ts";
import { createEc2 } from "./createEc2.ts";

const XML = { "Content-Type": "application/xml; charset=UTF-8" };
const NAMESPACE = 'xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"';

let server: CannedServer | undefined;
afterEach(() => server?.close());

async function ec2With(answer: (request: SeenRequest, count: number) => CannedAnswer) {
  server = await cannedServer(answer);
  const clock = createClock();
  const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" };
  const connection = { region: "eucalyptus", credentials, clock, pace: fakePace() };
  return { ec2: createEc2(`${server.origin}/services/compute/`, connection), clock, seen: server.seen };
}

const answerXml = (root: string, inner: string): CannedAnswer => ({
  headers: XML,
  body: `<${root} ${NAMESPACE}><requestId>1</requestId>${inner}</${root}>`,
});

describe("EC2 calls on the wire (proves what is sent and read; not that a cloud takes it)", () => {
  test("the endpoint's path is kept, the call is a signed POST, and nothing else is added", async () => {
    const { ec2, seen } = await ec2With(() => answerXml("DescribeInstancesResponse", "<reservationSet/>"));
    expect(await ec2.describeInstances({ "instance-id": ["i-1"] })).toEqual([]);
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({ method: "POST", target: "/services/compute/" });
    expect(seen[0]?.parameters).toEqual({
      Action: "DescribeInstances",
      Version: "2016-11-15",
      "Filter.1.Name": "instance-id",
      "Filter.1.Value.1": "i-1",
    });
    expect(seen[0]?.headers.get("authorization")).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eucalyptus\/ec2\/aws4_request/,
    );
  });

  test("RunInstances sends both counts, the token and user-data in base64, and none of AWS' newer options", async () => {
    const item =
      "<item><instanceId>i-1</instanceId><imageId>emi-1</imageId><instanceState><code>0</code><name>pending</name></instanceState>" +
      "<privateDnsName>0.0.0.0</privateDnsName><privateIpAddress>0.0.0.0</privateIpAddress><ipAddress>0.0.0.0</ipAddress><tagSet/></item>";
    const { ec2, seen } = await ec2With(() =>
      answerXml(
        "RunInstancesResponse",
        `<reservationId>r-1</reservationId><ownerId>42</ownerId><instancesSet>${item}</instancesSet>`,
      ),
    );
    const launch = { imageId: "emi-1", clientToken: "t", userData: Buffer.from("#!"), securityGroupIds: ["sg-1"] };
    expect(await ec2.runInstance(launch)).toMatchObject({
      instanceId: "i-1",
      state: "pending",
      privateAddress: "",
      ownerId: "42",
    });
    expect(seen[0]?.parameters).toEqual({
      Action: "RunInstances",
      Version: "2016-11-15",
      ImageId: "emi-1",
      MinCount: "1",
      MaxCount: "1",
      ClientToken: "t",
      UserData: "IyE=",
      "SecurityGroupId.1": "sg-1",
    });
  });

  test("in EDGE the private address in ipAddress is not a public one", async () => {
    const item =
      "<item><instanceId>i-1</instanceId><instanceState><code>16</code><name>running</name></instanceState>" +
      "<privateIpAddress>10.0.0.1</privateIpAddress><ipAddress>10.0.0.1</ipAddress></item>";
    const { ec2 } = await ec2With(() =>
      answerXml(
        "DescribeInstancesResponse",
        `<reservationSet><item><ownerId>42</ownerId><instancesSet>${item}</instancesSet></item></reservationSet>`,
      ),
    );
    expect(await ec2.findInstance("i-1")).toMatchObject({ privateAddress: "10.0.0.1", publicAddress: "", tags: {} });
  });

  test("`return` false is reported: rules that exist, and a refusal of CreateTags", async () => {
    // The first is the root element that this action has.
    const roots = {
      AuthorizeSecurityGroupEgress: "AuthorizeSecurityGroupEgressResponseType",
      CreateTags: "CreateTagsResponse",
    };
    const { ec2 } = await ec2With(({ parameters: { Action } }) =>
      answerXml(roots[Action as keyof typeof roots], "<return>false</return>"),
    );
    expect(await ec2.authorize("egress", "sg-1", [])).toBe(false);
    await expect(ec2.createTags("i-1", { a: "b" })).rejects.toMatchObject({ code: "ReturnFalse" });
  });

  test("a 500 to a read is asked again twice and no more: Eucalyptus answers it to mistakes of the caller", async () => {
    const fault =
      "<Response><Errors><Error><Code>InternalFailure</Code><Message>The filter 'x' is invalid.</Message></Error></Errors><RequestID>1</RequestID></Response>";
    const { ec2, seen } = await ec2With(() => ({ status: 500, headers: XML, body: fault }));
    await expect(ec2.describeAddresses({})).rejects.toMatchObject({
      code: "InternalFailure",
      status: 500,
      action: "DescribeAddresses",
    });
    expect(seen).toHaveLength(3);
  });

  test("a clock that is wrong by an hour is corrected by the refusal's Date, once", async () => {
    const fault =
      '<?xml version="1.0"?><Response><Errors><Error><Code>403 Forbidden</Code><Message>Date</Message></Error></Errors></Response>';
    const date = new Date(Date.now() + 3_600_000).toUTCString();
    const { ec2, clock, seen } = await ec2With((_request, count) =>
      count === 1
        ? { status: 403, headers: { "Content-Type": "text/plain", Date: date }, body: fault }
        : answerXml("DescribeAddressesResponse", "<addressesSet/>"),
    );
    expect(await ec2.describeAddresses({})).toEqual([]);
    expect(clock.offsetMs).toBeGreaterThan(3_590_000);
    expect(seen[1]?.headers.get("x-amz-date")).not.toBe(seen[0]?.headers.get("x-amz-date"));
  });

  test("wrong keys are refused once, with the cloud's code", async () => {
    const fault =
      '<?xml version="1.0"?><Response><Errors><Error><Code>403 Forbidden</Code><Message>User not found</Message></Error></Errors></Response>';
    const { ec2, seen } = await ec2With(() => ({
      status: 403,
      headers: { Date: new Date().toUTCString() },
      body: fault,
    }));
    await expect(ec2.describePlatform()).rejects.toMatchObject({
      status: 403,
      code: "403 Forbidden",
      detail: "User not found",
    });
    expect(seen).toHaveLength(1);
  });

  test("a cloud that is away is one error with a reason", async () => {
    const { ec2, seen } = await ec2With(() => ({}));
    await server?.close();
    server = undefined;
    const error = await ec2.allocateAddress({}).catch((caught: unknown) => caught as CloudError);
    expect(error).toMatchObject({ code: "Unreachable", status: 0, action: "AllocateAddress" });
    expect(seen).toHaveLength(0);
  });

  test.each([
    {
      name: "by allocation id where there is one",
      address: { publicAddress: "192.0.2.1", allocationId: "eipalloc-1" },
      sent: { AllocationId: "eipalloc-1" },
    },
    {
      name: "by address in EDGE",
      address: { publicAddress: "192.0.2.1", allocationId: "" },
      sent: { PublicIp: "192.0.2.1" },
    },
  ])("an address is released $name", async ({ address, sent }) => {
    const { ec2, seen } = await ec2With(() => answerXml("ReleaseAddressResponse", "<return>true</return>"));
    await ec2.releaseAddress(address);
    expect(seen[0]?.parameters).toEqual({ Action: "ReleaseAddress", Version: "2016-11-15", ...sent });
  });

  test("AllocateAddress never names a domain", async () => {
    const { ec2, seen } = await ec2With(() =>
      answerXml("AllocateAddressResponse", "<publicIp>192.0.2.1</publicIp><domain>standard</domain>"),
    );
    expect(await ec2.allocateAddress({})).toEqual({ publicAddress: "192.0.2.1", allocationId: "" });
    expect(seen[0]?.parameters).toEqual({ Action: "AllocateAddress", Version: "2016-11-15" });
  });
});
