import { describe, expect, test } from "@jest/globals";
import {
  keyIdOf,
  openCertificate,
  readCertificateObject,
  readOrderRecord,
  sealCertificate,
  writeOrderRecord,
} from "@planet/content";
import { TestAuthority } from "@planet/content/testing";
import type { Context } from "../../command.ts";
import { planetServed } from "../../page/testing/planetServed.ts";
import { createCertificateCommand } from "./certificateCommand.ts";
import type { CertificateEdges } from "./edges.ts";

const NOW = Date.parse("2026-11-29T18:00:00Z");
const names = ["planet.example.org", "www.planet.example.org"];
const key = "0123456789abcdef".repeat(4);
const [notBefore, notAfter] = [new Date("2026-11-01T00:00:00Z"), new Date("2027-01-30T00:00:00Z")];
const pair = new TestAuthority("Company CA").issue({ names, notBefore, notAfter });
const sealed = (source: "acme" | "import" = "acme", from = pair, with_ = key) =>
  sealCertificate({ ...from, names, source, placedAt: new Date(NOW - 60_000) }, with_);
const [CERTIFICATE, ORDER] = ["tls/certificate.json", "tls/order.json"];

/** A bucket, a state with the key, and a server. */
class World {
  readonly objects = new Map<string, string>();
  config: Record<string, string> = { host: names.join(", ") };
  files: Record<string, string> = { "chain.pem": pair.chain, "key.pem": pair.key };
  agrees = true;
  hasKey = true;
  out = "";
  err = "";
  ms = NOW;
  /** What the server says after some looks. */
  served: (look: number) => object | undefined = () => undefined;
  looks = 0;
  outputs: Record<string, string | number> = { address: "192.0.2.9", instanceId: "i-1" };

  readonly edges: CertificateEdges = {
    read: async ([verb, action, ...rest]) => ({ code: 0, stdout: this.#pulumi(verb, action, rest) }),
    store: async () => ({
      write: async (name, bytes) => void this.objects.set(name, Buffer.from(bytes).toString()),
      remove: async (name) => void this.objects.delete(name),
    }),
    reader: () => async (name) => {
      const text = this.objects.get(name);
      return text === undefined ? { state: "missing" } : { state: "present", bytes: Buffer.from(text) };
    },
    page: async (url) => {
      expect(url).toBe(`http://${this.outputs.dnsName ?? this.outputs.address}/`);
      const certificate = this.served(this.looks++);
      const served = planetServed("aaaaaaaa", 3, 300, { ...(certificate && { certificate }) });
      return { ...served, at: new Date(this.ms) };
    },
    readFile: async (path) => this.files[path] ?? Promise.reject(new Error("ENOENT")),
    confirm: async () => this.agrees,
    sleep: async (ms) => {
      this.ms += ms;
    },
    now: () => this.ms,
  };

  #pulumi(verb = "", action = "", rest: readonly string[] = []): string {
    if (verb === "stack" && action === "--show-name") return "prod\n";
    if (verb === "stack" && action === "export") {
      expect(rest).toContain("--show-secrets");
      const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", plaintext: `"${key}"` };
      const urn = "urn:pulumi:prod::planet::command:local:Command::certificate-key";
      return JSON.stringify({ deployment: { resources: this.hasKey ? [{ urn, outputs: { stdout: secret } }] : [] } });
    }
    const outputs = { url: "https://planet.example.org/", release: "aaaaaaaa", ...this.outputs };
    if (verb === "stack") return JSON.stringify(outputs);
    const settings = { endpoint: "http://192.0.2.1:8773", region: "eucalyptus", bucket: "planet", ...this.config };
    const config = Object.entries(settings).map(([name, value]) => [`planet:${name}`, { value, secret: false }]);
    return JSON.stringify(Object.fromEntries(config));
  }

  async run(...argv: string[]): Promise<number> {
    const context: Context = {
      ...{ checkout: "/checkout", environment: {}, shownNotices: new Set<string>() },
      out: (text) => {
        this.out += text;
      },
      err: (text) => {
        this.err += text;
      },
    };
    return createCertificateCommand(this.edges).run(argv, context);
  }
}

/** What a server says that has taken an object. */
function inEffect(text: string, more: object = {}) {
  const { issuer, fingerprint, source, ...times } = readCertificateObject(text);
  const { notBefore: not_before, notAfter: not_after } = times;
  return { state: "on", names, issuer, fingerprint, source, not_before, not_after, ...more };
}

/** As somebody does who has had a server's permit. */
const changed = (text: string) => text.replace(/"placedAt":"2026/, '"placedAt":"2099');

/** The one that was changed has the fingerprint of the one in service. */
function inServiceAndChanged(world: World): void {
  const text = sealed();
  world.objects.set(CERTIFICATE, changed(text));
  world.served = () => inEffect(text);
}

const IMPORT = ["import", "--cert", "chain.pem", "--key", "key.pem"];

describe("planet certificate import", () => {
  test("seals what was checked with the key in the state, and shows nothing of it", async () => {
    const world = new World();
    expect(await world.run(...IMPORT)).toBe(0);
    const object = readCertificateObject(world.objects.get(CERTIFICATE) ?? "");
    expect(object).toMatchObject({
      keyId: keyIdOf(key),
      names,
      source: "import",
      placedAt: new Date(NOW).toISOString(),
    });
    expect(openCertificate(object, key)).toEqual(pair);
    expect(world.out + world.err).not.toMatch(new RegExp(`${key}|PRIVATE`));
  });

  test("warns of a certificate that comes without its issuer, which browsers may miss", async () => {
    const [alone, whole] = [new World(), new World()];
    await alone.run(...IMPORT);
    expect(alone.err).toMatch(/chain\.pem has no issuer in it.*CN=Company CA/);
    const issued = new TestAuthority("Company CA").intermediate().issue({ names, notBefore, notAfter });
    whole.files = { "chain.pem": issued.chain, "key.pem": issued.key };
    await whole.run(...IMPORT);
    expect(whole.err).not.toContain("issuer");
  });

  test("lies where the servers of a raised permit look", async () => {
    const world = new World();
    world.config.permit = "2";
    await world.run(...IMPORT);
    expect([...world.objects.keys()]).toEqual(["tls-2/certificate.json"]);
  });

  test.each<[string, (world: World) => void, string, string]>([
    [
      "a key of another one",
      (w) => (w.files["key.pem"] = new TestAuthority().issue({ names }).key),
      "CERTIFICATE_REFUSED",
      "not the key",
    ],
    [
      "a name that it does not have",
      (w) => (w.config.host = "other.example.org"),
      "CERTIFICATE_REFUSED",
      "not for other.example.org",
    ],
    [
      "a weak key",
      (w) => {
        const { key: weak, chain } = new TestAuthority().issue({ names, notBefore, notAfter, keyKind: "rsa-1024" });
        w.files = { "chain.pem": chain, "key.pem": weak };
      },
      "CERTIFICATE_REFUSED",
      "neither RSA of 2048 bits",
    ],
    ["one that is over", (w) => (w.ms = notAfter.getTime()), "CERTIFICATE_REFUSED", "was valid until"],
    ["a file that is not there", (w) => (w.files = {}), "FILE_UNREADABLE", "chain.pem"],
    ["a state without the key", (w) => (w.hasKey = false), "NO_CERTIFICATE_KEY", "pulumi up"],
    ["no host", (w) => (w.config = {}), "NO_HOST", "config set planet:host"],
  ])("refuses %s, and writes nothing", async (_, change, code, words) => {
    const world = new World();
    change(world);
    await expect(world.run(...IMPORT)).rejects.toMatchObject({ code, message: expect.stringContaining(words) });
    expect(world.objects.size).toBe(0);
  });

  test("needs both files", async () => {
    await expect(new World().run("import", "--cert", "chain.pem")).rejects.toMatchObject({ code: "NO_FILES" });
  });
});

describe("planet certificate renew", () => {
  test("asks for an order in the bucket, and leaves the certificate", async () => {
    const world = new World();
    const text = sealed();
    world.objects.set(CERTIFICATE, text);
    expect(await world.run("renew")).toBe(0);
    const now = new Date(NOW).toISOString();
    expect(readOrderRecord(world.objects.get(ORDER) ?? "")).toMatchObject({
      result: "wanted",
      time: now,
      notBefore: now,
    });
    expect(world.objects.get(CERTIFICATE)).toBe(text);
  });

  test("a limit of the authority holds for a person's wish, too", async () => {
    const world = new World();
    const until = "2026-12-01T00:00:00.000Z";
    const failed = {
      time: new Date(NOW - 1_000).toISOString(),
      by: "i-1",
      names,
      message: "too many",
      notBefore: until,
    };
    world.objects.set(ORDER, writeOrderRecord({ schema: 1, result: "failed", ...failed }));
    await world.run("renew");
    expect(readOrderRecord(world.objects.get(ORDER) ?? "")).toMatchObject({ result: "wanted", notBefore: until });
    expect(world.out).toContain("2026-12-01 00:00 UTC");
  });

  test("is refused where nothing is ordered", async () => {
    const world = new World();
    world.config.acmeDirectory = "off";
    await expect(world.run("renew")).rejects.toMatchObject({ code: "NOTHING_IS_ORDERED" });
    expect(world.objects.size).toBe(0);
  });
});

describe("planet certificate remove", () => {
  test("takes it out of the bucket after asking", async () => {
    const world = new World();
    world.objects.set(CERTIFICATE, sealed());
    world.agrees = false;
    await expect(world.run("remove")).rejects.toMatchObject({ code: "DECLINED" });
    expect(world.objects.has(CERTIFICATE)).toBe(true);
    expect(await world.run("remove", "--yes")).toBe(0);
    expect(world.objects.size).toBe(0);
  });
});

describe("planet certificate status", () => {
  test("is well when the one in the bucket is in service", async () => {
    const world = new World();
    const text = sealed();
    world.objects.set(CERTIFICATE, text);
    world.served = () => inEffect(text);
    expect(await world.run("status")).toBe(0);
    expect(world.out).toContain("planet.example.org by Planet Company CA, valid until 2027-01-30 (for 61 days)");
    expect(world.out).toContain("the one in service");
  });

  test.each<[string, (world: World) => void, string]>([
    [
      "there is none",
      (w) => (w.served = () => ({ state: "none", names, message: "planet.example.org leads to 192.0.2.7" })),
      "leads to 192.0.2.7",
    ],
    [
      "a sixth of its lifetime is left",
      (w) => (w.served = () => inEffect(sealed(), { not_after: "2026-12-01T00:00:00Z" })),
      "valid until 2026-12-01",
    ],
    ["the server knows nothing of a host", () => undefined, "knows nothing of planet.example.org"],
    ["the object is nobody's", (w) => w.objects.set(CERTIFICATE, "{}"), "cannot be read"],
    ["the object was changed", inServiceAndChanged, "its seal is broken"],
  ])("somebody has to act when %s", async (_, change, words) => {
    const world = new World();
    change(world);
    expect(await world.run("status")).toBe(1);
    expect(world.out).toContain(words);
  });

  test("cannot say that a seal is broken without the key, or with another one", async () => {
    const [keyless, foreign] = [new World(), new World()];
    for (const world of [keyless, foreign]) inServiceAndChanged(world);
    keyless.hasKey = false;
    const other = changed(sealed("acme", pair, "f".repeat(64)));
    foreign.objects.set(CERTIFICATE, other);
    for (const world of [keyless, foreign]) {
      expect(await world.run("status")).toBe(0);
      expect(world.out).not.toContain("seal is broken");
    }
  });

  test("says what became of the last order, and when the next one may come", async () => {
    const world = new World();
    const order = { time: "2026-11-29T17:00:00.000Z", by: "i-1", names, notBefore: "2026-11-29T19:00:00.000Z" };
    world.objects.set(ORDER, writeOrderRecord({ schema: 1, result: "failed", message: "no A record", ...order }));
    await world.run("status");
    expect(world.out).toContain(
      "failed 2026-11-29 17:00: no A record; the next one is possible from 2026-11-29 19:00 UTC",
    );
  });

  test("--wait waits until the server shows what is in the bucket", async () => {
    const world = new World();
    const [old, text] = [sealed("acme", new TestAuthority().issue({ names, notBefore, notAfter })), sealed()];
    world.objects.set(CERTIFICATE, text);
    world.served = (look) => (look < 1 ? { state: "none", names } : inEffect(look < 4 ? old : text));
    expect(await world.run("status", "--wait")).toBe(0);
    expect((world.ms - NOW) / 1_000).toBe(20);
  });

  test("--wait waits until each of several servers shows it", async () => {
    const world = new World();
    world.config = { ...world.config, endpoint: "http://127.0.0.1:1" };
    world.outputs = { dnsName: "planet-prod-000000000042.lb.invalid", servers: 2 };
    const text = sealed();
    world.objects.set(CERTIFICATE, text);
    const hasIt = (look: number) => look % 2 === 0 || look > 3;
    world.served = (look) => (hasIt(look) ? inEffect(text) : { state: "none", names });
    expect(await world.run("status", "--wait")).toBe(0);
    expect(world.looks).toBe(2 + 2 + 4);
  }, 30_000);

  test("--wait ends with an order that fails meanwhile, and after a quarter of an hour", async () => {
    const world = new World();
    world.served = () => ({ state: "none", names });
    expect(await world.run("status", "--wait")).toBe(1);
    expect((world.ms - NOW) / 60_000).toBe(15);
    const [time, limit] = [new Date(world.ms + 1_000).toISOString(), new Date(world.ms + 3_600_000).toISOString()];
    const failed = { time, by: "i-1", names, message: "no", notBefore: limit };
    world.objects.set(ORDER, writeOrderRecord({ schema: 1, result: "failed", ...failed }));
    const before = world.ms;
    expect(await world.run("status", "--wait")).toBe(1);
    expect(world.ms).toBe(before);
  });
});
