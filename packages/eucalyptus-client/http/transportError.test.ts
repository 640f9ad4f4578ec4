import { readFileSync } from "node:fs";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { createServer as createTcpServer } from "node:net";
import { afterEach, describe, expect, test } from "@jest/globals";
import { CloudError } from "../cloudError.ts";
import { isAmbiguous, isNotDone } from "../outcome.ts";
import { exchange } from "./exchange.ts";
import { isPermanent, transportError } from "./transportError.ts";

const at = { action: "A", url: "https://192.0.2.1/", isUnsent: true };
const troubleOf = (code: string) => transportError(at, Object.assign(new Error("words"), { code }));

describe("why there is no answer, and what to do", () => {
  test.each([
    { code: "ECONNREFUSED", says: "has to be started", permanent: false },
    { code: "EAI_AGAIN", says: "DNS", permanent: false },
    { code: "ENOTFOUND", says: "Correct the endpoint", permanent: true },
    { code: "DEPTH_ZERO_SELF_SIGNED_CERT", says: "NODE_EXTRA_CA_CERTS", permanent: true },
    { code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE", says: "NODE_EXTRA_CA_CERTS", permanent: true },
    { code: "ERR_TLS_CERT_ALTNAME_INVALID", says: "name that the certificate has", permanent: true },
    { code: "ERR_SSL_WRONG_VERSION_NUMBER", says: "http://", permanent: true },
    { code: "HPE_INVALID_VERSION", says: "https://", permanent: true },
    { code: "EWHATEVER", says: "Does the cloud run", permanent: false },
  ])("$code", ({ code, says, permanent }) => {
    const error = troubleOf(code);
    expect(error).toMatchObject({ code: "Unreachable", status: 0, next: expect.stringContaining(says) });
    expect(isPermanent(error)).toBe(permanent);
  });

  test("several addresses of one name are one trouble", () => {
    const cause = new AggregateError([Object.assign(new Error(""), { code: "ECONNREFUSED" })], "");
    expect(transportError(at, cause).detail).toContain("connections are refused (ECONNREFUSED)");
  });
});

describe("what left this machine (real sockets on loopback)", () => {
  const closing: (() => void)[] = [];
  afterEach(() => {
    for (const close of closing.splice(0)) close();
  });

  async function ask(protocol: string, port: number): Promise<CloudError> {
    const request = { method: "GET", protocol, hostname: "127.0.0.1", port, target: "/", headers: {} };
    const options = { action: "A", url: `${protocol}//127.0.0.1:${port}/`, timeoutMs: 2_000 };
    const error: unknown = await exchange(request, options).catch((caught: unknown) => caught);
    if (error instanceof CloudError) return error;
    throw new Error("there was an answer");
  }

  test("nothing, where nobody listens: may be asked again", async () => {
    const server = createTcpServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const error = await ask("http:", port);
    expect({ notDone: isNotDone(error), ambiguous: isAmbiguous(error) }).toEqual({ notDone: true, ambiguous: false });
  });

  test("the call, where the connection ended after it stood: look", async () => {
    const server = createTcpServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    closing.push(() => server.close());
    const error = await ask("http:", (server.address() as AddressInfo).port);
    expect({ notDone: isNotDone(error), ambiguous: isAmbiguous(error) }).toEqual({ notDone: false, ambiguous: true });
  });

  test("nothing, where the certificate is not trusted", async () => {
    const pem = readFileSync(new URL("../testing/selfSigned.pem", import.meta.url));
    const server = createTlsServer({ key: pem, cert: pem });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    closing.push(() => server.close());
    const error = await ask("https:", (server.address() as AddressInfo).port);
    expect(error.next).toContain("NODE_EXTRA_CA_CERTS");
    expect({ permanent: isPermanent(error), ambiguous: isAmbiguous(error) }).toEqual({
      permanent: true,
      ambiguous: false,
    });
  });

  test("nothing, where http answers to https", async () => {
    const server = createTcpServer((socket) => {
      socket.on("error", () => {}).on("data", () => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    closing.push(() => server.close());
    const error = await ask("https:", (server.address() as AddressInfo).port);
    expect({ permanent: isPermanent(error), unsent: error.isUnsent }).toEqual({ permanent: true, unsent: true });
  });
});
