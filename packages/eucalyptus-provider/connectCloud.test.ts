import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "@jest/globals";
import { CloudError } from "@planet/eucalyptus-client";
import { connectCloud, findAccountId } from "./connectCloud.ts";

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

type Answer = (response: ServerResponse, count: number, request: IncomingMessage) => void;

const PLATFORM =
  "<DescribeAccountAttributesResponse><requestId>4f-1</requestId><accountAttributeSet><item><attributeName>supported-platforms</attributeName><attributeValueSet><item><attributeValue>EC2</attributeValue></item></attributeValueSet></item></accountAttributeSet></DescribeAccountAttributesResponse>";
const platform: Answer = (response) => void response.end(PLATFORM);
/** As the storage refuses whom it does not know. */
const storage: Answer = (response) =>
  void response
    .writeHead(403, { "x-amz-request-id": "4f-2" })
    .end("<Error><Code>AccessDenied</Code><Message>Access Denied</Message><RequestId>4f-2</RequestId></Error>");
const page: Answer = (response) => void response.writeHead(200).end("<html>Sign in</html>");
const cut: Answer = (response) => void response.socket?.destroy();

/** Connects to a front end whose two services answer so; returns what was reported on the way. */
async function connect(answers: { readonly ec2: Answer; readonly s3: Answer }, environment: NodeJS.ProcessEnv = {}) {
  const counts = { ec2: 0, s3: 0 };
  const seen: IncomingMessage[] = [];
  server = createServer((request, response) => {
    const service = request.url?.includes("objectstorage") ? "s3" : "ec2";
    counts[service] += 1;
    seen.push(request);
    request.resume().on("end", () => answers[service](response, counts[service], request));
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const said: string[] = [];
  const debugged: string[] = [];
  const say = (_urn: string, text: string) => void said.push(text);
  const log = { debug: (_urn: string, text: string) => void debugged.push(text), status: say, info: say, warning: say };
  const configuration = {
    region: "eucalyptus",
    autoScalingUrl: `${origin}/services/AutoScaling/`,
    ec2Url: `${origin}/services/compute/`,
    elbUrl: `${origin}/services/LoadBalancing/`,
    s3Url: `${origin}/services/objectstorage/`,
    stsUrl: `${origin}/services/Tokens/`,
  };
  const keys = { AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "very-secret" };
  const context = { log, cancelled: new AbortController().signal, environment: { ...keys, ...environment } };
  // Time passes by waiting alone: how long that is, is tested in the client.
  let ms = 0;
  const sleep = (wait: number) => {
    ms += wait;
    return Promise.resolve();
  };
  const pace = { now: () => ms, sleep, random: () => 0.5, every: () => () => {} };
  const connected = connectCloud(configuration, context, pace);
  return { connected, counts, said, debugged, seen };
}

describe("connecting", () => {
  test("asks each service once, and says nothing", async () => {
    const { connected, counts, said } = await connect({ ec2: platform, s3: storage });
    expect((await connected).mode).toBe("edge");
    expect(counts).toEqual({ ec2: 1, s3: 1 });
    expect(said).toEqual([]);
  });

  test("one broken answer of each does not stop a run, and is reported", async () => {
    const once =
      (good: Answer): Answer =>
      (response, count, request) =>
        count === 1 ? cut(response, count, request) : good(response, count, request);
    const { connected, counts, said } = await connect({ ec2: once(platform), s3: once(storage) });
    expect((await connected).mode).toBe("edge");
    expect(counts).toEqual({ ec2: 2, s3: 2 });
    expect(said).toHaveLength(2);
  });

  test("calls are there to be seen, and neither keys nor tokens in them", async () => {
    const { connected, debugged } = await connect({ ec2: platform, s3: storage }, { AWS_SESSION_TOKEN: "the-token" });
    await connected;
    expect(debugged).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^DescribeAccountAttributes: HTTP 200 in 0 ms, request 4f-1, try 1$/),
      ]),
    );
    expect(debugged.join()).not.toMatch(/very-secret|the-token|AKIDEXAMPLE/);
  });

  test("the storage is asked without keys", async () => {
    const { connected, seen } = await connect({ ec2: platform, s3: storage });
    await connected;
    const asked = seen.find(({ url }) => url?.includes("objectstorage"));
    expect(asked?.headers.authorization).toBeUndefined();
  });

  test("a host that is read as a bucket is reported before anything else is done", async () => {
    const noBucket: Answer = (response) =>
      void response
        .writeHead(404, { "x-amz-request-id": "4f-2" })
        .end("<Error><Code>NoSuchBucket</Code><Message>no</Message><RequestId>4f-2</RequestId></Error>");
    const { connected } = await connect({ ec2: platform, s3: noBucket });
    await expect(connected).rejects.toMatchObject({
      code: "CLOUD_UNUSABLE",
      message: expect.stringContaining("IP address"),
    });
  });

  test.each([
    { name: "EC2", answers: { ec2: page, s3: storage }, path: "/services/compute/" },
    { name: "the object storage", answers: { ec2: platform, s3: page }, path: "/services/objectstorage/" },
  ])("a web page in place of $name is reported with its URL", async ({ answers, path }) => {
    const { connected } = await connect(answers);
    await expect(connected).rejects.toMatchObject({
      code: "CLOUD_UNUSABLE",
      message: expect.stringMatching(new RegExp(`${path} cannot be used.*Sign in`)),
    });
  });
});

describe("the account's id", () => {
  const refused =
    (code: string, status = 403) =>
    () =>
      Promise.reject(new CloudError({ code, status, message: "no", action: "GetCallerIdentity" }));
  const groups = (ownerId: string) => ({ describeSecurityGroups: () => Promise.resolve([{ ownerId } as never]) });
  const sts = (getCallerIdentity: () => Promise<never>) => ({ getCallerIdentity });

  test("is the owner of the group default where STS does not speak to the keys of a session", async () => {
    expect(await findAccountId(groups("000000000042"), sts(refused("403 Forbidden")))).toBe("000000000042");
  });

  test("is empty where EC2 reports nothing either", async () => {
    const ec2 = { describeSecurityGroups: refused("UnauthorizedOperation") };
    expect(await findAccountId(ec2, sts(refused("403 Forbidden")))).toBe("");
  });

  test("is not made up when STS is away for a moment", async () => {
    const away = sts(refused("Unreachable", 0));
    await expect(findAccountId(groups("1"), away)).rejects.toMatchObject({ code: "Unreachable" });
  });
});
