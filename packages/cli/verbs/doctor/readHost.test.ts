import { once } from "node:events";
import type { AddressInfo, Server } from "node:net";
import { createServer } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { TestAuthority } from "@planet/content/testing";
import { type HostEdges, readHost } from "./readHost.ts";

const NAME = "planet.example.org";
const ADDRESS = "127.0.0.1";
const authority = new TestAuthority();

let server: Server;
/** What the name servers know. */
let addresses: Record<string, readonly string[]>;
let caa: Record<string, readonly { issue?: string }[]>;
let asked: string[];

/** Sends whatever name it is asked for a certificate of {@link NAME}. */
beforeEach(async () => {
  const { key, chain: cert } = authority.intermediate().issue({ names: [NAME] });
  server = createTlsServer({ key, cert }).on("tlsClientError", () => {});
  await listen(server);
  [addresses, caa, asked] = [{ [NAME]: [ADDRESS] }, {}, []];
});
afterEach(() => void server.close());

async function listen(each: Server): Promise<void> {
  each.listen(0, ADDRESS);
  await once(each, "listening");
}

const error = (code: string) => Object.assign(new Error(`query${code} ${NAME}`), { code });
const portOf = (each: Server) => (each.address() as AddressInfo).port;

function edges(more: Partial<HostEdges> = {}): HostEdges {
  return {
    resolve4: async (name) => addresses[name] ?? Promise.reject(error("ENOTFOUND")),
    resolveCaa: async (name) => {
      asked.push(name);
      return caa[name] ?? Promise.reject(error("ENODATA"));
    },
    ...{ port: portOf(server), ca: authority.certificate, ...more },
  };
}
const read = (more: Partial<HostEdges> = {}, names = [NAME]) => readHost(names, { addresses: [ADDRESS] }, edges(more));

describe("readHost", () => {
  test("reads where each name leads, and whether the chain at the address is trusted", async () => {
    expect(await read({}, [NAME, "www.example.org"])).toEqual({
      names: [
        { name: NAME, addresses: { value: [ADDRESS] }, authorities: { value: [] } },
        { name: "www.example.org", addresses: { value: [] }, authorities: { value: [] } },
      ],
      place: { addresses: [ADDRESS] },
      tls: { value: {} },
    });
  });

  test("before the first deploy there is no address to ask", async () => {
    expect(await readHost([NAME], { addresses: [] }, edges())).toEqual({
      names: [{ name: NAME, addresses: { value: [ADDRESS] }, authorities: { value: [] } }],
    });
  });

  test("the CAA records of the closest name that has any count, without their parameters", async () => {
    caa = { "example.org": [{ issue: "letsencrypt.org; validationmethods=http-01" }, { issue: ";" }, {}] };
    const { names } = await read({}, ["a.planet.example.org"]);
    expect(names[0]?.authorities).toEqual({ value: ["letsencrypt.org", ""] });
    expect(asked).toEqual(["a.planet.example.org", NAME, "example.org"]);
  });

  test("name servers that do not answer are no statement about a name, and hide nothing else", async () => {
    const silent = async () => Promise.reject(error("ETIMEOUT"));
    const { names, tls } = await read({ resolve4: silent, resolveCaa: silent });
    const timeout = { error: expect.objectContaining({ code: "ETIMEOUT" }) };
    expect([names[0]?.addresses, names[0]?.authorities, tls]).toEqual([timeout, timeout, { value: {} }]);
  });

  test.each<[string, () => Promise<unknown>, string]>([
    [
      "an authority that this machine does not know",
      () => read({ ca: new TestAuthority("Other").certificate }),
      "UNABLE_",
    ],
    ["a certificate for another name", () => read({}, ["other.example.org"]), "ERR_TLS_CERT_ALTNAME_INVALID"],
  ])("%s is distrusted", async (_, look, reason) => {
    expect(await look()).toMatchObject({ tls: { value: { distrust: expect.stringContaining(reason) } } });
  });

  test("a closed port, and one that speaks no TLS, are no answer", async () => {
    const plain = createServer((socket) =>
      socket
        .on("error", () => {})
        .resume()
        .end("HTTP/1.1 400 Bad Request\r\n\r\n"),
    );
    await listen(plain);
    const port = portOf(plain);
    const spoken = await read({ port });
    await new Promise((resolve) => plain.close(resolve));
    const closed = await read({ port });
    expect([spoken.tls, closed.tls]).toEqual([
      { error: expect.objectContaining({ code: expect.any(String) }) },
      { error: expect.objectContaining({ code: "ECONNREFUSED" }) },
    ]);
  });
});
