import { describe, expect, test } from "@jest/globals";
import { keyIdOf, readCertificateObject, sealCertificate } from "@planet/content";
import { TestAuthority } from "@planet/content/testing";
import { awaitReadiness } from "./awaitReadiness.ts";
import { awaitServed } from "./awaitServed.ts";
import { awaitTraffic } from "./awaitTraffic.ts";
import { fakeEdges, serving } from "./testing/fakeEdges.ts";

// The clock of the fake edges begins at 2026-11-29T18:00Z.
const release = "0a1b2c3d";
const names = ["planet.example.org", "www.planet.example.org"];
const key = "0123456789abcdef".repeat(4);
const certificateUrl = "http://10.67.0.1:8773/services/objectstorage/planet/tls/certificate.json";
const certificate = { host: names.join(","), keyId: keyIdOf(key), certificateUrl };
const readiness = {
  ...{ release, deadlineSeconds: 60, instanceId: "i-1", publicAddress: "192.0.2.1", privateAddress: "" },
  ...{ ec2Url: "http://192.0.2.3:8773/services/compute/", region: "eucalyptus" },
  ...certificate,
};
const served = { release, deadlineSeconds: 60, address: "192.0.2.9", drainingSeconds: 0, ...certificate };
const missing = { status: 404, text: "<Error/>" };

interface Placed {
  readonly names?: readonly string[];
  readonly key?: string;
  readonly notBefore?: Date;
  readonly notAfter?: Date;
}

function objectOf(placed: Placed = {}) {
  const [notBefore, notAfter] = [new Date("2026-11-01T00:00:00Z"), new Date("2027-01-30T00:00:00Z")];
  const pair = new TestAuthority().issue({ names, notBefore, notAfter, ...placed });
  const placedAt = new Date("2026-11-29T17:00:00Z");
  const text = sealCertificate({ ...pair, names: placed.names ?? names, source: "acme", placedAt }, placed.key ?? key);
  return { text, fingerprint: readCertificateObject(text).fingerprint };
}

type Answer = { status: number; text: string; fingerprint?: string } | Error;

/** The bucket's object and the leaf that the server shows may depend on the second. */
function world(at: {
  readonly bucket: (second: number) => Answer;
  readonly leaf?: (second: number) => string | Error;
  readonly console?: () => string;
}) {
  const tls: string[] = [];
  const edges = fakeEdges({
    ...(at.console && { console: at.console }),
    get: (url, second, address) => {
      if (url === certificateUrl) return at.bucket(second);
      if (!url.startsWith("https:")) return serving(release);
      tls.push(`${url} at ${address}`);
      const leaf = at.leaf?.(second) ?? new Error("connect ECONNREFUSED");
      return leaf instanceof Error ? leaf : { status: 200, text: JSON.stringify({ release }), fingerprint: leaf };
    },
  });
  return { edges, tls };
}

const present = (text: string): Answer => ({ status: 200, text });
const one = objectOf();
const other = objectOf();

describe("where the bucket has no certificate for this release, http is enough, and a warning says why", () => {
  test.each<[string, Answer, string]>([
    ["none", missing, "none is in the bucket yet"],
    ["one that is sealed with an earlier key", present(objectOf({ key: "f".repeat(64) }).text), "an earlier key"],
    ["one for fewer names", present(objectOf({ names: ["planet.example.org"] }).text), "for other names"],
    ["one that has expired", present(objectOf({ notAfter: new Date("2026-11-29T17:59:00Z") }).text), "valid until"],
    ["one of tomorrow", present(objectOf({ notBefore: new Date("2026-11-30T00:00:00Z") }).text), "valid from"],
    ["something else", present("{}"), "cannot be read"],
    ["nothing to say", new Error("connect ETIMEDOUT"), "cannot be read: connect ETIMEDOUT"],
  ])("%s", async (_, bucket, why) => {
    const { edges, tls } = world({ bucket: () => bucket });
    await awaitReadiness(readiness, edges);
    await awaitServed(served, edges);
    expect(tls).toEqual([]);
    const warnings = edges.said.filter((line) => line.startsWith("warning: "));
    expect(warnings).toEqual([expect.stringContaining(why), expect.stringContaining(why)]);
    expect(warnings[0]).toContain("planet.example.org has no certificate");
  });
});

describe("where it has one", () => {
  const secure = (shown: string): Answer => {
    return { status: 200, text: JSON.stringify({ release: shown }), fingerprint: one.fingerprint };
  };

  test("the server has to show it, for the host, at its own address", async () => {
    const { edges, tls } = world({ bucket: () => present(one.text), leaf: () => one.fingerprint });
    await awaitReadiness(readiness, edges);
    expect(tls).toEqual(["https://planet.example.org/status.json at 192.0.2.1"]);
    await awaitServed(served, edges);
    expect(tls.at(-1)).toBe("https://planet.example.org/status.json at 192.0.2.9");
    expect(edges.said.join()).not.toContain("warning");
  });

  test.each<[string, () => string | Error, string]>([
    ["shows another", () => other.fingerprint, "it shows another certificate than the bucket has"],
    ["answers nothing at port 443", () => new Error("connect ECONNREFUSED"), "connect ECONNREFUSED"],
  ])("a server that %s is not ready, whatever its console says", async (_, leaf, why) => {
    const console = () => `planet: READY release=${release}\n`;
    const { edges } = world({ bucket: () => present(one.text), leaf, console });
    await expect(awaitReadiness(readiness, edges)).rejects.toMatchObject({
      code: "NOT_READY",
      what: expect.stringContaining(why),
      next: expect.stringContaining("planet certificate remove"),
    });
    await expect(awaitServed(served, edges)).rejects.toMatchObject({
      code: "NOT_SEEN",
      why: expect.stringContaining(why),
      next: expect.stringContaining("planet certificate remove"),
    });
  });

  test("a server that takes it a little later is waited for", async () => {
    const leaf = (second: number) => (second < 20 ? new Error("connect ECONNREFUSED") : one.fingerprint);
    const { edges } = world({ bucket: () => present(one.text), leaf });
    await awaitReadiness(readiness, edges);
    expect(edges.seconds()).toBe(20);
  });

  test.each<[string, string]>([
    ["the one before", one.fingerprint],
    ["the new one", other.fingerprint],
  ])("that is renewed meanwhile, %s is good", async (_, shown) => {
    const bucket = (second: number) => present(second < 10 ? one.text : other.text);
    const leaf = (second: number) => (second < 20 ? new Error("connect ECONNREFUSED") : shown);
    const { edges } = world({ bucket, leaf });
    await awaitReadiness(readiness, edges);
    expect(edges.seconds()).toBe(20);
  });

  test.each<[string, Answer]>([
    ["show another release by https", secure("ffffffff")],
    ["have no https yet", new Error("connect ECONNREFUSED")],
  ])("behind a balancer the new servers are seen between old ones that %s", async (_, old) => {
    // Each way into the balancer goes round by itself: two new servers, two old ones.
    let [plain, tls] = [0, 0];
    const traffic = { release, deadlineSeconds: 60, count: 2, dnsName: "planet.lb", nameServer: "192.0.2.3" };
    const edges = fakeEdges({
      addresses: () => ["192.0.2.8"],
      get: (url) => {
        if (url === certificateUrl) return present(one.text);
        if (!url.startsWith("https:")) return serving(plain++ % 4 < 2 ? release : "ffffffff");
        return tls++ % 2 === 0 ? old : secure(release);
      },
    });
    await awaitTraffic({ ...traffic, ...certificate }, edges);
    expect(tls).toBe(8);
  });

  test("that is removed meanwhile, http is enough", async () => {
    const { edges } = world({ bucket: (second) => (second < 20 ? present(one.text) : missing) });
    await awaitReadiness(readiness, edges);
    expect(edges.seconds()).toBe(20);
  });

  test("a bucket that no longer answers does not let a server pass without it", async () => {
    const bucket = (second: number) => (second === 0 ? present(one.text) : new Error("connect ETIMEDOUT"));
    const leaf = (second: number) => (second < 20 ? new Error("connect ECONNREFUSED") : one.fingerprint);
    const { edges } = world({ bucket, leaf });
    await awaitReadiness(readiness, edges);
    expect(edges.seconds()).toBe(20);
  });
});
