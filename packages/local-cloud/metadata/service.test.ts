import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { RunInstancesCommand } from "@aws-sdk/client-ec2";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { imageId } from "../machine/images.ts";
import { exchange } from "../testing/s3Client.ts";
import { startTestCloud, type TestCloud } from "../testing/testCloud.ts";

const USER_DATA = Buffer.from([0x23, 0x21, 0x0a, 0x00, 0xff]);

describe("metadata over HTTP (proves paths and bytes as a guest sees them)", () => {
  let running: TestCloud;
  let instanceId = "";
  let source = "";
  const server = createServer((request, response) => running.cloud.handleMetadata(source, request, response));
  const ask = (path: string, method = "GET", host = "127.0.0.1") =>
    exchange({
      method,
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`,
      headers: { Host: host },
    });

  beforeAll(async () => {
    running = await startTestCloud();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const launched = await running.ec2.send(
      new RunInstancesCommand({
        ImageId: imageId("debian-12-cloud-init"),
        MinCount: 1,
        MaxCount: 1,
        UserData: USER_DATA.toString("base64"),
      }),
    );
    instanceId = launched.Instances?.[0]?.InstanceId ?? "";
    source = launched.Instances?.[0]?.PrivateIpAddress ?? "";
  });
  afterAll(async () => {
    await new Promise((resolve) => server.close(resolve));
    await running.close();
  });

  test.each([
    { path: "/latest/", body: "dynamic\nmeta-data\nuser-data" },
    { path: "/2009-04-04/meta-data/local-ipv4", body: "10.66.0.10" },
    { path: "/latest//meta-data/public-ipv4", body: "127.66.0.10" },
    { path: "/2099-12-31/meta-data/placement/", body: "availability-zone" },
    { path: "/latest/meta-data/security-groups", body: "default" },
    { path: "/latest/dynamic/fws/instance-monitoring", body: "disabled" },
  ])("$path", async ({ path, body }) => {
    expect(await ask(path)).toMatchObject({ status: 200, text: body });
  });

  test("names the instance, hands out a token for any verb, and keeps user-data byte for byte", async () => {
    expect((await ask("/latest/meta-data/instance-id")).text).toBe(instanceId);
    expect((await ask("/latest/api/token", "PUT")).text).toMatch(/^AQA/);
    const { headers } = await ask("/latest/user-data");
    expect(headers["content-length"]).toBe(String(USER_DATA.length));
    expect((await ask("/latest/meta-data/")).text).not.toMatch(/public-keys|kernel-id|\n$/);
  });

  test.each(["/latest/meta-data/public-keys/", "/latest/meta-data/tags"])("%s is 404 with the page", async (path) => {
    const reply = await ask(path);
    expect([reply.status, reply.headers["content-type"], reply.headers.connection]).toEqual([
      404,
      "text/plain",
      "close",
    ]);
    expect(reply.text).toMatch(/^<\?xml version="1.0" encoding="iso-8859-1"\?>\n[\s\S]*<\/html>\n$/);
  });

  test("one that is no instance sees the versions and lists of nothing", async () => {
    const known = source;
    source = "10.66.0.99";
    for (const path of ["/latest", "/latest/", "/2009-04-04/"]) {
      expect(await ask(path)).toMatchObject({ status: 200, text: "" });
    }
    for (const path of ["/latest/meta-data/", "/latest/user-data", "/latest/api/token"]) {
      expect((await ask(path)).text).toContain("<title>404 - Not Found</title>");
    }
    expect(await ask("/", "GET", "169.254.169.254")).toMatchObject({
      status: 200,
      text: expect.stringMatching(/^1\.0\n.*\nlatest$/s),
    });
    source = known;
  });

  test("the versions are listed under the service's own address alone; every answer has a server and a date", async () => {
    const reply = await ask("/", "GET", "metadata.example");
    expect([reply.status, reply.text]).toEqual([404, expect.stringContaining("<Message>unknown<")]);
    expect(reply.headers).toMatchObject({ server: "Eucalyptus/5.1.0", date: expect.stringMatching(/GMT$/) });
  });
});
