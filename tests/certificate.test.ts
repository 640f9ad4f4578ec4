import { mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { certificatePlaces } from "../packages/aggregator/certificate/places.ts";
import { reloadCertificate } from "../packages/aggregator/certificate/reloadCertificate.ts";
import type { CertificateStatusFile } from "../packages/aggregator/certificate/report.ts";
import { runCertificate } from "../packages/aggregator/certificate/runCertificate.ts";
import type { CertificateSettings } from "../packages/aggregator/certificate/settings.ts";
import { FakeAuthority } from "../packages/aggregator/certificate/testing/fakeAuthority.ts";
import { writeLease } from "../packages/aggregator/memory/lease.ts";
import type { Ran } from "../packages/aggregator/system/run.ts";
import {
  type CertificateObject,
  type OrderRecord,
  openCertificate,
  readCertificateObject,
  readOrderRecord,
  sealCertificate,
  writeOrderRecord,
} from "../packages/content/index.ts";
import { TestAuthority } from "../packages/content/testing/index.ts";
import { startTestCloud, type TestCloud } from "../packages/local-cloud/testing/testCloud.ts";
import { PlanetBucket } from "./harness/planetBucket.ts";

// Runs of the certificate's unit on the storage of a local cloud; the authority and nginx are in memory. With a real authority:
// tests/certificate.full.engine.test.ts.

const [HOUR, DAY] = [3_600_000, 86_400_000];
const NAME = "planet.example.org";
const KEY = "0123456789abcdef".repeat(4);
const OTHER_KEY = "fedcba9876543210".repeat(4);

let cloud: TestCloud;
let bucket: PlanetBucket;
let folder: string;
let clock: number;
let authority: FakeAuthority;
let log: string[];
/** What the name servers say, by name. */
let dns: Map<string, readonly string[]>;
/** Addresses where a server answers challenges from the bucket. */
let answering: Set<string>;

beforeEach(async () => {
  cloud = await startTestCloud();
  bucket = await PlanetBucket.create(cloud);
  folder = mkdtempSync(join(tmpdir(), "planet-certificate-"));
  [clock, log] = [Date.now(), []];
  [dns, answering] = [new Map([[NAME, ["192.0.2.1"]]]), new Set(["192.0.2.1"])];
  authority = new FakeAuthority(async (name, token) => {
    const [address = ""] = dns.get(name) ?? [];
    if (!answering.has(address)) return undefined;
    // As nginx does it (packages/aggregator/install/nginx.ts).
    return (await bucket.get(`acme-challenge/${token}`)) ?? bucket.get(`acme-challenge-2/${token}`);
  });
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  await cloud.close();
});

const placed = async (): Promise<CertificateObject> =>
  readCertificateObject((await bucket.get("tls/certificate.json")) ?? "");
const lastOrder = async (): Promise<OrderRecord | undefined> =>
  readOrderRecord((await bucket.get("tls/order.json")) ?? "");
const pass = (milliseconds: number) => {
  clock += milliseconds;
};

/** A server of the planet: its folders, its address, and an nginx that takes what it is given, or not. */
class Server {
  readonly settings: CertificateSettings;
  readonly address: string;
  readonly home: string;
  nginx: Ran = { code: 0, stdout: "", output: "" };
  reloads = 0;

  constructor(id: string, address = "192.0.2.1", change: Partial<CertificateSettings> = {}) {
    this.address = address;
    this.home = join(folder, id);
    for (const name of ["tls", "state", "run"]) mkdirSync(join(this.home, name), { recursive: true });
    this.settings = {
      ...{
        bucketUrl: bucket.url,
        names: [NAME],
        directory: authority.directory,
        contact: "",
        instanceId: id,
        key: KEY,
      },
      leasePrefix: "",
      tlsPermit: bucket.permit("tls/"),
      challengePermit: bucket.permit("acme-challenge/"),
      ...change,
    };
  }

  get places() {
    const [CONFIGURATION_DIRECTORY, STATE_DIRECTORY, RUNTIME_DIRECTORY] = ["tls", "state", "run"].map((name) =>
      join(this.home, name),
    );
    return certificatePlaces({ CONFIGURATION_DIRECTORY, STATE_DIRECTORY, RUNTIME_DIRECTORY });
  }

  /** One run of the unit. */
  async run(): Promise<CertificateStatusFile> {
    await this.look();
    await this.reload();
    return JSON.parse(readFileSync(this.places.status, "utf8"));
  }

  look(): Promise<string> {
    return runCertificate(this.settings, this.places, {
      send: authority.send,
      resolve: async (name) => dns.get(name) ?? [],
      readUrl: async (url) => authority.look(new URL(url).host, url.split("/").at(-1) ?? ""),
      publicAddress: async () => this.address,
      now: () => new Date(clock),
      pause: async (milliseconds) => pass(milliseconds),
      chance: () => 0.5,
      log: (line) => log.push(line),
    });
  }

  async reload(): Promise<void> {
    const run = async (program: string): Promise<Ran> => {
      if (program === "systemctl") this.reloads += 1;
      return program === "nginx" ? this.nginx : { code: 0, stdout: "", output: "" };
    };
    await reloadCertificate(this.places, { run, log: (line) => log.push(line) });
  }

  /** Fingerprint of what nginx uses. */
  get inEffect(): string {
    return readCertificateObject(readFileSync(join(this.places.current, "certificate.json"), "utf8")).fingerprint;
  }
}

interface Placed {
  names?: string[];
  key?: string;
  source?: "acme" | "import";
  at?: number;
  days?: number;
  keyKind?: "rsa-1024";
  /** Of another certificate. */
  privateKey?: string;
}

/** Puts a certificate of another authority into the bucket, as `planet certificate import` does; but unchecked. */
async function place(change: Placed) {
  const { names = [NAME], key = KEY, source = "acme", at = clock, days = 90, keyKind = "ec", privateKey } = change;
  const lifetime = { notBefore: new Date(clock - DAY), notAfter: new Date(clock + days * DAY) };
  const issued = new TestAuthority().intermediate().issue({ names, keyKind, ...lifetime });
  const pair = { ...issued, ...(privateKey !== undefined && { key: privateKey }) };
  const text = sealCertificate({ ...pair, names: [NAME], source, placedAt: new Date(at) }, key);
  await bucket.put("tls/certificate.json", text);
  return readCertificateObject(text).fingerprint;
}
const codesOf = ({ troubles }: CertificateStatusFile) => troubles.map(({ code }) => code);

describe("a first certificate", () => {
  test("is ordered by the server that the name leads to, and is in effect at once", async () => {
    const server = new Server("i-1");
    const { certificate, troubles } = await server.run();
    expect(troubles).toEqual([]);
    const object = await placed();
    expect(certificate).toMatchObject({ state: "on", names: [NAME], fingerprint: object.fingerprint, source: "acme" });
    expect(certificate.last_order).toMatchObject({ result: "issued", by: "i-1" });
    expect([server.inEffect, server.reloads, authority.orders.length]).toEqual([object.fingerprint, 1, 1]);
    expect(readFileSync(join(server.places.current, "key.pem"), "utf8")).toBe(openCertificate(object, KEY).key);
    expect(readlinkSync(server.places.nginxOn)).toBe(server.places.nginx);
  });

  test("is taken by every other server without an order, wherever the name leads", async () => {
    await new Server("i-1").run();
    const other = new Server("i-2", "192.0.2.2");
    expect((await other.run()).troubles).toEqual([]);
    expect([other.inEffect, authority.orders.length]).toEqual([(await placed()).fingerprint, 1]);
  });

  test("a second run changes nothing, and nginx is not reloaded", async () => {
    const server = new Server("i-1");
    await server.run();
    pass(2 * HOUR);
    expect(await server.look()).toMatch(/^certificate ok unchanged until=/);
    await server.reload();
    expect([server.reloads, authority.orders.length]).toEqual([1, 1]);
  });

  test("of two servers at the name, one orders", async () => {
    dns.set(NAME, ["192.0.2.1", "192.0.2.2"]);
    await Promise.all([new Server("i-1").look(), new Server("i-2", "192.0.2.2").look()]);
    expect(authority.orders).toHaveLength(1);
  });

  test("nothing secret is in what everybody may read", async () => {
    const server = new Server("i-1");
    await server.run();
    const { tlsPermit, challengePermit } = server.settings;
    const [order, account, object] = await Promise.all(
      ["order", "account", "certificate"].map((name) => bucket.get(`tls/${name}.json`)),
    );
    const open = [readFileSync(server.places.status, "utf8"), order, account, object, ...log].join("\n");
    for (const secret of [KEY, tlsPermit.signature, challengePermit.signature, "PRIVATE KEY"])
      expect(open).not.toContain(secret);
  });

  test("the account is the same for the next order, and another for another key", async () => {
    const server = new Server("i-1");
    await server.run();
    const account = await bucket.get("tls/account.json");
    await bucket.put("tls/certificate.json", "gone");
    pass(2 * HOUR);
    await new Server("i-2").run();
    expect(await bucket.get("tls/account.json")).toBe(account);
    pass(2 * HOUR);
    await new Server("i-3", "192.0.2.1", { key: OTHER_KEY }).run();
    expect(await bucket.get("tls/account.json")).not.toBe(account);
    expect(authority.orders).toHaveLength(3);
  });
});

describe("what lies in the bucket never replaces the certificate in effect when it is", () => {
  test.each<[string, () => Promise<unknown>, RegExp]>([
    [
      "tampered with",
      async () =>
        bucket.put(
          "tls/certificate.json",
          ((await bucket.get("tls/certificate.json")) ?? "").replace(/.{9}(?="}\n$)/, "AAAAAAAA="),
        ),
      /./,
    ],
    ["cut", () => bucket.put("tls/certificate.json", '{"schema":1'), /is not a certificate of this version/],
    ["sealed with another key", () => place({ key: OTHER_KEY, at: clock + 1 }), /another key has sealed it/],
    [
      "for another name",
      () => place({ names: ["other.example.org"], at: clock + 1 }),
      /is not for planet\.example\.org/,
    ],
    ["expired", () => place({ days: -0.5, at: clock + 1 }), /was valid until/],
    [
      "with another certificate's key",
      () => place({ privateKey: new TestAuthority().issue().key, at: clock + 1 }),
      /the key is not the key of the first certificate/,
    ],
    ["with a weak key", () => place({ keyKind: "rsa-1024", at: clock + 1 }), /neither RSA of 2048 bits/],
  ])("%s", async (_, change, words) => {
    const server = new Server("i-1");
    await server.run();
    const before = server.inEffect;
    await change();
    const status = await server.run();
    expect(codesOf(status)).toEqual(["not-taken"]);
    expect(status.certificate).toMatchObject({ state: "degraded", message: expect.stringMatching(words) });
    expect([server.inEffect, server.reloads, authority.orders.length]).toEqual([before, 1, 1]);
  });

  test("older", async () => {
    const server = new Server("i-1");
    await server.run();
    await place({ at: clock - DAY });
    expect((await server.run()).troubles).toEqual([]);
    expect(server.reloads).toBe(1);
  });

  test("refused by nginx: what it says, and the former one is back", async () => {
    const server = new Server("i-1");
    await server.run();
    const before = server.inEffect;
    const wanted = await place({ at: clock + 1 });
    server.nginx = { code: 1, stdout: "", output: "warn\nnginx: [emerg] key values mismatch\n" };
    const status = await server.run();
    expect([codesOf(status), server.inEffect, server.reloads]).toEqual([["nginx"], before, 1]);
    expect(status.certificate).toMatchObject({
      fingerprint: before,
      message: expect.stringMatching(/key values mismatch$/),
    });
    server.nginx = { code: 0, stdout: "", output: "" };
    expect((await server.run()).troubles).toEqual([]);
    expect([server.inEffect, server.reloads]).toEqual([wanted, 2]);
  });

  test("the first one, and nginx refuses it: HTTPS stays off", async () => {
    const server = new Server("i-1");
    server.nginx = { code: 1, stdout: "", output: "nginx: [emerg] no" };
    expect((await server.run()).certificate).toMatchObject({ state: "none" });
    expect(() => readlinkSync(server.places.nginxOn)).toThrow();
  });
});

describe("a renewal", () => {
  test.each([90, 45, 6])("of %d days comes when a third is left, and every server takes it", async (days) => {
    authority.lifetime = { notBefore: new Date(clock), notAfter: new Date(clock + days * DAY) };
    const [server, other] = [new Server("i-1"), new Server("i-2", "192.0.2.2")];
    await server.run();
    const before = server.inEffect;
    pass((days * DAY * 66) / 100);
    await server.run();
    expect(authority.orders).toHaveLength(1);
    pass((days * DAY * 5) / 100);
    authority.lifetime = { notBefore: new Date(clock), notAfter: new Date(clock + days * DAY) };
    expect((await server.run()).troubles).toEqual([]);
    expect(authority.orders).toHaveLength(2);
    expect(server.inEffect).not.toBe(before);
    await other.run();
    expect(other.inEffect).toBe(server.inEffect);
  });

  test("is ordered when somebody asks for it", async () => {
    const server = new Server("i-1");
    await server.run();
    pass(DAY);
    const time = new Date(clock).toISOString();
    await bucket.put(
      "tls/order.json",
      writeOrderRecord({ schema: 1, time, by: "", names: [], result: "wanted", message: "", notBefore: time }),
    );
    await server.run();
    await server.run();
    expect(authority.orders).toHaveLength(2);
  });

  test("is nobody's concern while another server can do it, and a trouble when a sixth is left", async () => {
    authority.lifetime = { notBefore: new Date(clock), notAfter: new Date(clock + 90 * DAY) };
    const server = new Server("i-1");
    await server.run();
    dns.set(NAME, ["198.51.100.7"]);
    pass(70 * DAY);
    expect((await server.run()).troubles).toEqual([]);
    pass(10 * DAY);
    expect(codesOf(await server.run())).toEqual(["elsewhere", "expires"]);
    pass(20 * DAY);
    const status = await server.run();
    expect(codesOf(status)).toEqual(["not-taken", "elsewhere", "expired"]);
    expect(status.certificate).toMatchObject({ state: "degraded", fingerprint: server.inEffect });
  });
});

describe("an order that cannot succeed is said in words and leaves everything as it is", () => {
  test.each<[string, () => void, string, RegExp]>([
    [
      "the name leads elsewhere",
      () => dns.set(NAME, ["198.51.100.7"]),
      "elsewhere",
      /leads to 198\.51\.100\.7, and this server has the address 192\.0\.2\.1/,
    ],
    ["the name is in no DNS", () => dns.clear(), "elsewhere", /has no address in the DNS/],
  ])("%s: the authority hears nothing of it", async (_, change, code, words) => {
    change();
    const status = await new Server("i-1").run();
    expect([codesOf(status), status.certificate.message]).toEqual([[code], expect.stringMatching(words)]);
    expect([await lastOrder(), authority.orders]).toEqual([undefined, []]);
  });

  test("the metadata service does not say the address, and nobody answers at the name", async () => {
    answering.clear();
    expect(codesOf(await new Server("i-1", "").run())).toEqual(["elsewhere"]);
  });

  test("the authority does not find the answer: what it saw, and when the next try is", async () => {
    answering.clear();
    const server = new Server("i-1");
    const status = await server.run();
    expect([codesOf(status), status.certificate.message]).toEqual([
      ["order-failed"],
      expect.stringMatching(/could not verify planet\.example\.org: .*404/),
    ]);
    expect(status.certificate.last_order).toMatchObject({ result: "failed", message: expect.stringMatching(/404/) });
    const again = await server.run();
    expect(again.certificate.message).toMatch(/404; the next order is possible from 2/);
    expect(authority.orders).toHaveLength(1);
  });

  test("the authority is down: each failure in a row waits twice as long, at most half a day", async () => {
    authority.instead.set("/dir", "down");
    const server = new Server("i-1");
    const waits: number[] = [];
    for (let n = 0; n < 6; n += 1) {
      expect(codesOf(await server.run())).toEqual(["order-failed"]);
      const { time = "", notBefore = "" } = (await lastOrder()) ?? {};
      waits.push(Math.floor((Date.parse(notBefore) - Date.parse(time)) / HOUR));
      clock = Date.parse(notBefore);
    }
    // The jitter of each counts for the next.
    expect(waits).toEqual([1, 2, 4, 9, 12, 12]);
    authority.instead.clear();
    expect((await server.run()).troubles).toEqual([]);
  });

  test("the authority limits the rate: until when, for every server", async () => {
    const problem = { type: "urn:ietf:params:acme:error:rateLimited", detail: "too many certificates already issued" };
    authority.instead.set("/order", {
      status: 429,
      json: problem,
      headers: { "retry-after": String((3 * DAY) / 1_000) },
    });
    expect(codesOf(await new Server("i-1").run())).toEqual(["order-failed"]);
    authority.instead.clear();
    const other = new Server("i-2");
    for (const wait of [2 * HOUR, DAY, DAY]) {
      pass(wait);
      expect((await other.run()).certificate.message).toMatch(
        /too many certificates already issued; the next order is possible/,
      );
    }
    pass(DAY);
    expect((await other.run()).certificate.state).toBe("on");
    expect(authority.orders).toHaveLength(1);
  });

  test("the permit was revoked: no authority is asked", async () => {
    const server = new Server("i-1", "192.0.2.1", {
      tlsPermit: { ...bucket.permit("tls/"), signature: `${"A".repeat(27)}=` },
    });
    const status = await server.run();
    expect(codesOf(status)).toEqual(["permit", "permit"]);
    expect(status.certificate.message).toMatch(/SignatureDoesNotMatch/);
    expect(authority.orders).toEqual([]);
  });

  test("the bucket is down: the certificate in effect stays, and nothing is ordered", async () => {
    const server = new Server("i-1");
    await server.run();
    pass(80 * DAY);
    const down = new Server("i-1", "192.0.2.1", { bucketUrl: "http://127.0.0.1:1/planet" });
    const status = await down.run();
    expect(codesOf(status)).toEqual(["bucket", "expires"]);
    expect([status.certificate.fingerprint, authority.orders.length]).toEqual([server.inEffect, 1]);
  });

  test("another server's order that blocks for longer than any authority's limit counts for nothing", async () => {
    const [time, notBefore] = [new Date(clock).toISOString(), "2099-01-01T00:00:00.000Z"];
    await bucket.put(
      "tls/order.json",
      writeOrderRecord({ schema: 1, time, by: "x", names: [], result: "failed", message: "", notBefore }),
    );
    expect((await new Server("i-1").run()).certificate.state).toBe("on");
  });
});

describe("a certificate of a company's own authority", () => {
  test("is taken, never renewed by a server, and a trouble when a sixth is left", async () => {
    const fingerprint = await place({ source: "import" });
    const server = new Server("i-1");
    expect((await server.run()).certificate).toMatchObject({ state: "on", source: "import" });
    expect(server.inEffect).toBe(fingerprint);
    pass(70 * DAY);
    expect((await server.run()).troubles).toEqual([]);
    pass(10 * DAY);
    expect(codesOf(await server.run())).toEqual(["imported", "expires"]);
    expect(authority.orders).toEqual([]);
    const next = await place({ source: "import" });
    expect((await server.run()).troubles).toEqual([]);
    expect(server.inEffect).toBe(next);
  });

  test("without an authority nothing is ordered", async () => {
    const server = new Server("i-1", "192.0.2.1", { directory: "" });
    expect(codesOf(await server.run())).toEqual(["not-ordered"]);
    expect(await lastOrder()).toBeUndefined();
  });
});

describe("servers behind a balancer", () => {
  const balanced = (id: string) => new Server(id, "192.0.2.1", { leasePrefix: "memory/" });
  const hold = async (holder: string) => {
    const times = { since: Date.now() - 60_000, until: Date.now() + 600_000 };
    await bucket.put("memory/holder.json", writeLease({ holder, release: "0a1b2c3d", ...times }).toString());
  };

  test("have one certificate: the holder of the lease orders, and the others take it", async () => {
    // The balancer's address, which is no server's own.
    dns.set(NAME, ["198.51.100.7"]);
    answering.add("198.51.100.7");
    const [one, two] = [balanced("i-1"), balanced("i-2")];
    await hold("i-2");
    expect(codesOf(await one.run())).toEqual(["elsewhere"]);
    expect((await two.run()).certificate).toMatchObject({ state: "on" });
    expect((await one.run()).troubles).toEqual([]);
    expect([one.inEffect, authority.orders.length]).toEqual([two.inEffect, 1]);
  });

  test("order nothing before the name leads to them, and nothing without a lease", async () => {
    expect(codesOf(await balanced("i-1").run())).toEqual(["elsewhere"]);
    await hold("i-1");
    answering.clear();
    expect(codesOf(await balanced("i-1").run())).toEqual(["elsewhere"]);
    expect(authority.orders).toEqual([]);
  });
});

describe("a planet's next server", () => {
  const [FURTHER, NEXT] = ["www.planet.example.org", "192.0.2.2"] as const;
  const anotherKey = () => new Server("i-2", NEXT, { key: OTHER_KEY });

  test.each<[string, () => Promise<Server>]>([
    ["with another key", async () => anotherKey()],
    [
      "of a raised permit",
      async () =>
        new Server("i-2", NEXT, {
          key: OTHER_KEY,
          tlsPermit: bucket.permit("tls-2/"),
          challengePermit: bucket.permit("acme-challenge-2/"),
        }),
    ],
    [
      "of another host",
      async () => {
        dns.set(FURTHER, ["192.0.2.1"]);
        return new Server("i-2", NEXT, { names: [NAME, FURTHER] });
      },
    ],
    [
      "after the certificate has expired",
      async () => {
        await place({ days: -0.5, at: clock + 1 });
        return new Server("i-2", NEXT);
      },
    ],
    [
      "after the certificate was removed",
      async () => {
        await bucket.remove("tls/certificate.json");
        return new Server("i-2", NEXT);
      },
    ],
  ])(
    "%s orders before it takes over: the server that the name leads to answers for it, and keeps its own",
    async (_, change) => {
      const server = new Server("i-1");
      await server.run();
      const before = server.inEffect;
      pass(2 * HOUR);
      const next = await change();
      expect((await next.run()).certificate).toMatchObject({ state: "on" });
      expect([next.inEffect === before, server.inEffect, authority.orders.length]).toEqual([false, before, 2]);
    },
  );

  test("with another key takes nothing from the one that is still there", async () => {
    const server = new Server("i-1");
    await server.run();
    const before = server.inEffect;
    pass(2 * HOUR);
    await anotherKey().run();
    pass(2 * HOUR);
    expect(codesOf(await server.run())).toEqual(["not-taken"]);
    expect([server.inEffect, authority.orders.length]).toEqual([before, 2]);
  });

  test("waits for the name if nobody answers there", async () => {
    await new Server("i-1").run();
    answering.clear();
    pass(2 * HOUR);
    expect(codesOf(await anotherKey().run())).toEqual(["not-taken", "elsewhere"]);
    expect(authority.orders).toHaveLength(1);
  });

  test("waits for the hour after the last order to end", async () => {
    await new Server("i-1").run();
    expect(codesOf(await anotherKey().run())).toEqual(["not-taken", "order-waits"]);
    expect(authority.orders).toHaveLength(1);
  });
});

test("a certificate that could not be stored after its order is stored by the next run", async () => {
  const server = new Server("i-1");
  const { tlsPermit } = server.settings;
  authority.instead.clear();
  // The permit ends between the order and the upload.
  const look = authority.look;
  authority.look = async (...asked) => {
    Object.assign(server.settings, { tlsPermit: { ...bucket.permit("tls/"), signature: `${"A".repeat(27)}=` } });
    return look(...asked);
  };
  expect(codesOf(await server.run())).toEqual(["not-stored", "permit", "permit"]);
  expect(await bucket.get("tls/certificate.json")).toBeUndefined();
  Object.assign(server.settings, { tlsPermit });
  await server.run();
  expect([(await placed()).fingerprint, authority.orders.length]).toEqual([server.inEffect, 1]);
});
