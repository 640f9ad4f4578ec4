import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { exchange, signedV4 } from "../testing/s3Client.ts";
import { startTestCloud, type TestCloud } from "../testing/testCloud.ts";
import { serviceOfHost } from "./serviceNames.ts";

test.each([
  ["s3.localhost", "s3"],
  ["WALRUS.localhost:8773", "s3"],
  ["ec2.localhost", "ec2"],
  ["tokens.localhost", "sts"],
  ["localhost", undefined],
  ["s3.example.org", undefined],
  ["constructor.localhost", undefined],
])("%s is a name of %s", (host, service) => expect(serviceOfHost(host)).toBe(service));

describe("a service by its DNS name, without its path", () => {
  let running: TestCloud;
  beforeAll(async () => {
    running = await startTestCloud();
  });
  afterAll(() => running.close());

  /** As through a proxy: the request line names the whole URL. */
  const call = (method: string, url: string, body = "") => {
    const { signed } = signedV4({ method, url, body }, running.cloud.credentials);
    return exchange({ ...signed, url: `${running.endpoint}${new URL(url).pathname}` });
  };

  test("S3 has its buckets at the root, in path style", async () => {
    expect((await call("PUT", "http://s3.localhost/bucket")).status).toBe(200);
    expect((await call("PUT", "http://s3.localhost/bucket/key", "x")).status).toBe(200);
    expect((await call("GET", "http://s3.localhost/bucket/key")).text).toBe("x");
  });

  test("EC2 is there at the bare path alone", async () => {
    const regions = await call("POST", "http://ec2.localhost/", "Action=DescribeRegions");
    expect([regions.status, regions.text]).toEqual([200, expect.stringContaining("<regionName>eucalyptus<")]);
    expect((await call("POST", "http://ec2.localhost/other", "Action=DescribeRegions")).status).toBe(404);
  });
});
