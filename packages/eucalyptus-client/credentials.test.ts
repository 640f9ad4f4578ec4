import { afterEach, describe, expect, test } from "@jest/globals";
import { createClock } from "./clock.ts";
import { credentialsFromEnvironment } from "./credentials.ts";
import { createEc2 } from "./ec2/createEc2.ts";
import { createS3 } from "./s3/createS3.ts";
import { serviceUrls } from "./serviceUrls.ts";
import { createSts } from "./sts/createSts.ts";
import { type CannedServer, cannedServer, type SeenRequest } from "./testing/cannedServer.ts";

let server: CannedServer | undefined;
afterEach(() => server?.close());

const KEYS = { AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "secret" };

async function asked(environment: NodeJS.ProcessEnv): Promise<SeenRequest[]> {
  server = await cannedServer(() => ({ status: 403 }));
  const credentials = credentialsFromEnvironment(environment);
  const connection = { region: "r", credentials, clock: createClock(), patienceMs: 0 };
  const urls = serviceUrls(server.origin);
  const ec2 = createEc2(urls.ec2, connection);
  const calls = [
    () => ec2.describeAddresses({}),
    () => ec2.describeInstanceTypes(),
    () => createS3(urls.s3, connection).listBuckets(),
    () => createSts(urls.sts, connection).getCallerIdentity(),
  ];
  for (const call of calls) await expect(call()).rejects.toMatchObject({ status: 403 });
  return server.seen;
}

const headerOf = ({ headers }: SeenRequest, name: string) =>
  [...headers].find(([given]) => given.toLowerCase() === name)?.[1];

describe("temporary keys", () => {
  test("send their token with every call, signed", async () => {
    const seen = await asked({ ...KEYS, AWS_SESSION_TOKEN: "the-token" });
    expect(seen).toHaveLength(4);
    for (const request of seen) {
      expect(headerOf(request, "x-amz-security-token")).toBe("the-token");
      expect(headerOf(request, "authorization")).toMatch(/SignedHeaders=[^,]*x-amz-security-token/);
    }
  });

  test.each([{ AWS_SESSION_TOKEN: "" }, {}])("without a token none is sent", async (token) => {
    const seen = await asked({ ...KEYS, ...token });
    for (const request of seen) expect(headerOf(request, "x-amz-security-token")).toBeUndefined();
  });
});
