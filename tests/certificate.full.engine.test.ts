import { execFile } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { buildBundle } from "../packages/aggregator/bundle.ts";
import type { CertificateStatusFile } from "../packages/aggregator/certificate/report.ts";
import { type CertificateSettings, writeCertificateSettings } from "../packages/aggregator/certificate/settings.ts";
import { checkCertificate, openCertificate, readCertificateObject } from "../packages/content/index.ts";
import { startTestCloud, type TestCloud } from "../packages/local-cloud/testing/testCloud.ts";
import { Pebble } from "./harness/pebble.ts";
import { PlanetBucket } from "./harness/planetBucket.ts";
import { writeCommands } from "./harness/stubCommands.ts";

// The bundle as on a server, a real ACME server (Pebble, strict), the storage of a local cloud. nginx is a small server here; a real
// one, with its reloads, is proven by booting.

const LIMIT_MS = 120_000;
const NAMES = ["planet.example.org", "www.planet.example.org"];
const KEY = "0123456789abcdef".repeat(4);
const ADDRESS = "127.0.0.1";

/**
 * Into the process that runs the bundle: the name server and the metadata service of the test, and a clock that is some days ahead.
 * TLS does not look at that clock.
 */
const PRELOAD = `
const dns = require("node:dns/promises");
const resolver = new dns.Resolver();
resolver.setServers([process.env.TEST_DNS]);
dns.resolve4 = (name) => resolver.resolve4(name);
const http = require("node:http");
const request = http.request;
http.request = (url, ...rest) => request(String(url).replace("http://169.254.169.254", process.env.TEST_METADATA), ...rest);
const ahead = Number(process.env.TEST_DAYS) * 86_400_000;
const Real = Date;
globalThis.Date = class extends Real {
  constructor(...args) { args.length === 0 ? super(Real.now() + ahead) : super(...args); }
  static now() { return Real.now() + ahead; }
};
`;

let pebble: Pebble;
let cloud: TestCloud;
let bundle: string;
let programs: string;
let bucket: PlanetBucket;
let folder: string;
let metadata: Server;
/** Stands for nginx at the address that the names lead to. */
let nginx: Server;
let isAnswering: boolean;

const urlOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
async function listen(server: Server, port = 0): Promise<Server> {
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return server;
}

beforeAll(async () => {
  pebble = await Pebble.start();
  programs = mkdtempSync(join(tmpdir(), "planet-programs-"));
  bundle = join(programs, "planet.cjs");
  writeFileSync(bundle, (await buildBundle()).bytes);
  writeFileSync(join(programs, "preload.cjs"), PRELOAD);
  await writeCommands(programs, { nginx: "#!/bin/sh\n", systemctl: "#!/bin/sh\n" });
  metadata = await listen(createServer((_, response) => response.end(ADDRESS)));
}, 10 * LIMIT_MS);
afterAll(async () => {
  metadata.close();
  await pebble.stop();
  rmSync(programs, { recursive: true });
});

beforeEach(async () => {
  cloud = await startTestCloud();
  bucket = await PlanetBucket.create(cloud);
  folder = mkdtempSync(join(tmpdir(), "planet-certificate-"));
  isAnswering = true;
  nginx = await listen(
    createServer(({ url = "" }, response) => {
      const token = /^\/\.well-known\/acme-challenge\/([\w-]{1,128})$/.exec(url)?.[1];
      const looking = isAnswering && token ? bucket.get(`acme-challenge/${token}`) : Promise.resolve(undefined);
      void looking.then((text) => response.writeHead(text === undefined ? 404 : 200).end(text));
    }),
    pebble.httpPort,
  );
  for (const name of NAMES) await pebble.setName(name, ADDRESS);
});
afterEach(async () => {
  await new Promise((resolve) => nginx.close(resolve));
  await cloud.close();
  rmSync(folder, { recursive: true });
});

/** A server of the planet, by its folders. */
class PlanetServer {
  readonly home: string;

  constructor(id: string, change: Partial<CertificateSettings> = {}) {
    this.home = join(folder, id);
    for (const name of ["tls", "state", "run", "credentials"]) mkdirSync(join(this.home, name), { recursive: true });
    const settings: CertificateSettings = {
      ...{ bucketUrl: bucket.url, names: NAMES, directory: pebble.directory, contact: "webmaster@example.org" },
      ...{
        instanceId: id,
        key: KEY,
        tlsPermit: bucket.permit("tls/"),
        challengePermit: bucket.permit("acme-challenge/"),
        leasePrefix: "",
      },
      ...change,
    };
    writeFileSync(join(this.home, "credentials", "certificate"), writeCertificateSettings(settings));
  }

  /** One run of the unit, so many days from now. @returns what it has said, and what status.json would show. */
  async run(days = 0): Promise<CertificateStatusFile & { readonly said: string }> {
    const env = {
      PATH: `${programs}:${process.env.PATH}`,
      NODE_EXTRA_CA_CERTS: pebble.rootFile,
      CREDENTIALS_DIRECTORY: join(this.home, "credentials"),
      CONFIGURATION_DIRECTORY: join(this.home, "tls"),
      STATE_DIRECTORY: join(this.home, "state"),
      RUNTIME_DIRECTORY: join(this.home, "run"),
      TEST_DNS: pebble.dns,
      TEST_METADATA: urlOf(metadata),
      TEST_DAYS: String(days),
    };
    const run = (verb: string) =>
      promisify(execFile)(process.execPath, ["--require", join(programs, "preload.cjs"), bundle, verb], { env });
    const { stdout } = await run("certificate");
    await run("certificate-reload");
    return { ...JSON.parse(readFileSync(join(this.home, "run", "status.json"), "utf8")), said: stdout };
  }

  /** What nginx would use. */
  get inEffect() {
    const [key = "", chain = ""] = ["key.pem", "chain.pem"].map((name) =>
      readFileSync(join(this.home, "tls", "current", name), "utf8"),
    );
    return { key, chain, serial: new X509Certificate(chain).serialNumber };
  }
}
const codesOf = ({ troubles }: CertificateStatusFile) => troubles.map(({ code }) => code);

test(
  "a planet's first certificate is ordered, every server takes it, and a third before its end it is renewed",
  async () => {
    const [server, other] = [new PlanetServer("i-1"), new PlanetServer("i-2")];
    const first = await server.run();
    expect([first.said, first.troubles]).toEqual([
      expect.stringMatching(/^planet: certificate ok ordered until=/m),
      [],
    ]);
    expect(first.certificate).toMatchObject({ state: "on", issuer: expect.stringMatching(/^Pebble /), source: "acme" });
    expect(checkCertificate({ ...server.inEffect, names: NAMES, now: new Date() })).toEqual([]);
    const object = readCertificateObject((await bucket.get("tls/certificate.json")) ?? "");
    expect(openCertificate(object, KEY).key).toBe(server.inEffect.key);

    await other.run();
    expect(other.inEffect).toEqual(server.inEffect);
    expect((await other.run(50)).said).toMatch(/certificate ok unchanged/);

    const renewed = await server.run(70);
    expect([renewed.said, renewed.troubles]).toEqual([expect.stringMatching(/certificate ok ordered/), []]);
    expect(server.inEffect.serial).not.toBe(other.inEffect.serial);
    await other.run(70);
    expect(other.inEffect).toEqual(server.inEffect);
  },
  LIMIT_MS,
);

describe("what does not work is said in the authority's words, and what is in effect stays", () => {
  test(
    "the challenge is not reachable: what the authority saw; the next server keeps to the pause",
    async () => {
      isAnswering = false;
      const status = await new PlanetServer("i-1").run();
      expect([codesOf(status), status.certificate.state]).toEqual([["order-failed"], "none"]);
      expect(status.certificate.message).toMatch(/could not verify (www\.)?planet\.example\.org: .*404/);
      isAnswering = true;
      const other = await new PlanetServer("i-2").run();
      expect(other.certificate.message).toMatch(/404.*; the next order is possible from/);
      expect((await new PlanetServer("i-3").run(1)).certificate.state).toBe("on");
    },
    LIMIT_MS,
  );

  test(
    "a name leads elsewhere: nothing is ordered",
    async () => {
      await pebble.setName("www.planet.example.org", "198.51.100.7");
      const status = await new PlanetServer("i-1").run();
      expect([codesOf(status), status.certificate.message]).toEqual([
        ["elsewhere"],
        "www.planet.example.org leads to 198.51.100.7, and this server has the address 127.0.0.1",
      ]);
      expect(await bucket.get("tls/order.json")).toBeUndefined();
    },
    LIMIT_MS,
  );

  test(
    "the authority is down when the renewal is due",
    async () => {
      const server = new PlanetServer("i-1");
      await server.run();
      const before = server.inEffect;
      const down = new PlanetServer("i-1", { directory: "https://127.0.0.1:1/dir" });
      const status = await down.run(80);
      expect(codesOf(status)).toEqual(["order-failed", "expires"]);
      expect(status.certificate).toMatchObject({
        state: "degraded",
        message: expect.stringMatching(/127\.0\.0\.1:1 is not reachable/),
      });
      expect(down.inEffect).toEqual(before);
    },
    LIMIT_MS,
  );

  test(
    "the rate is limited: until when",
    async () => {
      const resources = await pebble.resources();
      // Pebble has no limits: its directory, with a door for orders that is shut.
      const limit = await listen(
        createServer(({ url }, response) => {
          if (url === "/dir") return response.end(JSON.stringify({ ...resources, newOrder: `${urlOf(limit)}/order` }));
          const detail = "too many certificates (5) already issued for this exact set of identifiers";
          const problem = { type: "urn:ietf:params:acme:error:rateLimited", detail };
          const headers = { "Retry-After": "172800", "Content-Type": "application/problem+json" };
          return response.writeHead(429, headers).end(JSON.stringify(problem));
        }),
      );
      const server = new PlanetServer("i-1", { directory: `${urlOf(limit)}/dir` });
      const status = await server.run();
      limit.close();
      expect(codesOf(status)).toEqual(["order-failed"]);
      const { message, not_before = "" } = status.certificate.last_order ?? {};
      expect(message).toMatch(/already issued for this exact set/);
      expect(Date.parse(not_before) - Date.now()).toBeGreaterThan(170_000_000);
      expect(codesOf(await new PlanetServer("i-2").run(1))).toEqual(["order-failed"]);
      expect((await new PlanetServer("i-2").run(3)).certificate.state).toBe("on");
    },
    LIMIT_MS,
  );

  test(
    "a tampered object",
    async () => {
      const server = new PlanetServer("i-1");
      await server.run();
      const before = server.inEffect;
      const text = (await bucket.get("tls/certificate.json")) ?? "";
      await bucket.put("tls/certificate.json", text.replace('"planet.example.org"', '"evil.example.org"'));
      const status = await server.run();
      expect([codesOf(status), status.certificate.message]).toEqual([
        ["not-taken"],
        expect.stringMatching(/its seal is broken/),
      ]);
      expect(server.inEffect).toEqual(before);
    },
    LIMIT_MS,
  );
});
