import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { signedV4 } from "../testing/s3Client.ts";
import { startTestCloud, type TestCloud } from "../testing/testCloud.ts";

describe("what Node would answer by itself is the cloud's own answer", () => {
  let running: TestCloud;
  beforeAll(async () => {
    running = await startTestCloud();
  });
  afterAll(() => running.close());

  /** Sends the head, the body only after `100 Continue`, and returns all that comes back. */
  function talk(lines: readonly string[], body = ""): Promise<string> {
    return new Promise((resolve, reject) => {
      let text = "";
      const socket = connect(Number(new URL(running.endpoint).port), "127.0.0.1", () =>
        socket.write(`${lines.join("\r\n")}\r\n\r\n`),
      );
      socket.setEncoding("latin1").on("data", (part: string) => {
        if (text === "" && part.startsWith("HTTP/1.1 100 ")) socket.write(body);
        text += part;
      });
      socket.on("close", () => resolve(text)).on("error", reject);
    });
  }

  function put(path: string, body: string): string[] {
    const url = `${running.endpoint}/services/objectstorage${path}`;
    const headers = { "Content-Length": String(body.length), Expect: "100-continue", Connection: "close" };
    const { signed } = signedV4({ method: "PUT", url, body, headers }, running.cloud.credentials);
    const lines = Object.entries(signed.headers).map(([name, value]) => `${name}: ${value}`);
    return [`PUT /services/objectstorage${path} HTTP/1.1`, ...lines];
  }

  test("a client that waits to send its body is told to go on only when it is wanted", async () => {
    expect(await talk(put("/missing/key", "hello"), "hello")).toMatch(/^HTTP\/1\.1 404 .*<Code>NoSuchBucket</s);
    expect(await talk(put("/bucket", ""))).toMatch(/^HTTP\/1\.1 (?:100 Continue\r\n\r\nHTTP\/1\.1 )?200 OK/);
    expect(await talk(put("/bucket/key", "hello"), "hello")).toMatch(
      /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK/,
    );
  });

  test.each([
    {
      name: "another expectation",
      head: ["GET /services/objectstorage/missing HTTP/1.1", "Host: 127.0.0.1", "Expect: more"],
    },
    { name: "no Host", head: ["GET /services/objectstorage/missing HTTP/1.1"] },
    { name: "HTTP/1.0", head: ["GET /services/objectstorage/missing HTTP/1.0"] },
  ])("$name is not looked at", async ({ head }) => {
    expect(await talk([...head, "Connection: close"])).toMatch(/^HTTP\/1\.1 404 .*<Code>NoSuchBucket</s);
  });

  test.each([
    {
      name: "a request line of 300 KB",
      head: [`GET /${"x".repeat(300_000)} HTTP/1.1`],
      says: /An HTTP line is larger/,
    },
    { name: "another protocol", head: ["GET / SPDY/9.9"], says: /<Code>400 Bad Request</ },
    { name: "a header without a name", head: ["GET / HTTP/1.1", ": x"], says: /<Code>400 Bad Request</ },
  ])("$name is the plain fault, with a date and the server's name", async ({ head, says }) => {
    const answer = await talk(head);
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n.*Content-Type: text\/plain; charset=UTF-8\r\n/s);
    for (const part of [says, /\r\nServer: Eucalyptus\/5\.1\.0\r\n/, /\r\nDate: \w/]) expect(answer).toMatch(part);
  });
});
