import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  parseUserData,
  quote,
  renderServer,
  type ServerFacts,
  USER_DATA_BUDGET_BYTES,
  type UserDataSettings,
  withSecrets,
} from "./render.ts";

const settings: UserDataSettings = {
  bucketUrl: "http://10.67.0.1:8773/services/objectstorage/planet",
  bundle: "b".repeat(64),
  intervalSeconds: 300,
  settleSeconds: 60,
  allowHosts: ["*.blogs.test", "10.0.0.0/8"],
  stack: "local",
  archiveMonths: 0,
  memoryPermit: { prefix: "memory/", accessKeyId: "AKIAPLANET" },
};
const { memoryPermit: _, ...withoutMemory } = settings;
const https: NonNullable<UserDataSettings["https"]> = {
  names: ["planet.example.org", "www.planet.example.org"],
  acmeDirectory: "https://acme.example/directory",
  acmeContact: "me@example.org",
  hstsSeconds: 0,
  permit: 1,
  accessKeyId: "AKIAPLANET",
};
const facts: ServerFacts = { imageId: "emi-b78e07c8", instanceType: "m1.small", keyName: "", generation: 1 };
const script = readFileSync("userdata/testdata/script.sh", "utf8");
const releaseOf = (more: Partial<UserDataSettings & ServerFacts>) =>
  renderServer({ ...settings, ...more }, { ...facts, ...more }, script).release;

describe("renderServer (proves bytes and ids; not that an image runs them)", () => {
  test("gives the text that was reviewed (UPDATE_GOLDEN=1 rewrites it)", () => {
    const { userData } = renderServer(settings, facts, script);
    const golden = "userdata/testdata/userdata.golden";
    if (process.env.UPDATE_GOLDEN) writeFileSync(golden, userData);
    expect(userData).toBe(readFileSync(golden, "utf8"));
  });

  test("gives the same bytes twice", () => {
    expect(renderServer(settings, facts, script)).toEqual(renderServer({ ...settings }, { ...facts }, script));
  });

  test.each<[string, Partial<UserDataSettings & ServerFacts>]>([
    ["bundle", { bundle: "c".repeat(64) }],
    ["pinned content", { content: "d".repeat(64) }],
    ["interval", { intervalSeconds: 301 }],
    ["archive", { archiveMonths: 12 }],
    ["several servers", { isOneOfSeveral: true }],
    ["signing key", { memoryPermit: { prefix: "memory/", accessKeyId: "AKIAOTHER" } }],
    ["number of the permit", { memoryPermit: { prefix: "memory-2/", accessKeyId: "AKIAPLANET" } }],
    ["host", { https }],
    ["image", { imageId: "emi-00000000" }],
    ["type", { instanceType: "m1.large" }],
    ["key name", { keyName: "me" }],
    ["generation", { generation: 2 }],
  ])("another %s is another release", (_, change) => {
    expect(releaseOf(change)).not.toBe(releaseOf({}));
  });

  test("another script is another release", () => {
    expect(renderServer(settings, facts, `${script}:\n`).release).not.toBe(releaseOf({}));
  });

  test("another comment is neither another release nor other bytes", () => {
    const commented = script.replace("\n", "\n# Why.\n\t#\n  # é #!\n");
    expect(commented).not.toBe(script);
    expect(renderServer(settings, facts, commented)).toEqual(renderServer(settings, facts, script));
  });

  test.each([
    ["too long", `#!/bin/bash\n${":".repeat(USER_DATA_BUDGET_BYTES)}`, String(USER_DATA_BUDGET_BYTES)],
    ["another shell", "#!/bin/sh\n", "#!/bin/bash"],
    ["CRLF", "#!/bin/bash\n:\r\n", "U+000D"],
    ["an accent", "#!/bin/bash\n: é\n", "U+00E9"],
  ])("refuses %s", (_, text, words) => {
    expect(() => renderServer(settings, facts, text)).toThrow(words);
  });

  test("a shell reads back what was quoted", () => {
    const words = fc.sample(fc.string({ unit: "grapheme-ascii", minLength: 1 }), 50);
    const echoed = execFileSync("/bin/sh", ["-c", words.map((word) => `printf '%s\\n' ${quote(word)}`).join("\n")]);
    expect(echoed.toString()).toBe(`${words.join("\n")}\n`);
  });
});

describe("withSecrets", () => {
  const { userData } = renderServer(settings, facts, script);
  const signature = "abcdefghijklmnopqrstuvwxyz+=";

  test("changes one line and neither size nor script; what checks the plain text checks the secret one", () => {
    const secret = withSecrets(userData, { PLANET_MEMORY_SIGNATURE: signature });
    expect(secret).toBe(userData.replace(/^PLANET_MEMORY_SIGNATURE=.*$/m, `PLANET_MEMORY_SIGNATURE='${signature}'`));
    expect([userData, secret].map((text) => Buffer.byteLength(text))).toEqual([userData.length, userData.length]);
    expect(userData).not.toContain(signature);
  });

  test.each([
    ["another length", userData, "short="],
    ["a quote", userData, `'; reboot; '${" ".repeat(16)}`],
    ["a line break", userData, `\nreboot\n${" ".repeat(20)}`],
    ["no place for it", renderServer(withoutMemory, facts, script).userData, signature],
  ])("refuses %s, and does not repeat it", (_, text, value) => {
    const put = () => withSecrets(text, { PLANET_MEMORY_SIGNATURE: value });
    expect(put).toThrow(new RangeError("PLANET_MEMORY_SIGNATURE cannot be put into the user-data"));
  });

  test("each secret of HTTPS has its place, also where the planet has no memory", () => {
    const { userData: plain } = renderServer({ ...withoutMemory, https }, facts, script);
    const secrets = {
      PLANET_CHALLENGE_SIGNATURE: `challenge${"c".repeat(18)}=`,
      PLANET_TLS_SIGNATURE: `certificate${"t".repeat(16)}=`,
      PLANET_TLS_KEY: "0123456789abcdef".repeat(4),
    };
    const { variables } = parseUserData(withSecrets(plain, secrets));
    expect(Object.fromEntries(variables)).toMatchObject({ ...secrets, PLANET_SIGNER: "AKIAPLANET" });
    expect(withSecrets(plain, secrets)).toHaveLength(plain.length);
  });

  test("without a permit there is no place for a secret", () => {
    const { userData: without } = renderServer(withoutMemory, facts, script);
    expect(withSecrets(without, {})).toBe(without);
    const { variables } = parseUserData(without);
    expect([...variables].filter(([name, value]) => /SIGNATURE|KEY$/.test(name) && value !== "")).toEqual([]);
  });
});

describe("parseUserData", () => {
  const printable = fc.string({ unit: "grapheme-ascii" });
  const settingsWithoutHost = {
    bucketUrl: printable,
    bundle: printable,
    content: printable,
    intervalSeconds: fc.nat(),
    settleSeconds: fc.nat(),
    allowHosts: fc.array(printable),
    stack: printable,
    archiveMonths: fc.nat(),
    isOneOfSeveral: fc.boolean(),
    memoryPermit: fc.record({ prefix: printable, accessKeyId: printable }),
  };
  const anyHttps = fc.record({
    names: fc.array(printable),
    acmeDirectory: printable,
    acmeContact: printable,
    hstsSeconds: fc.nat(),
    permit: fc.nat(),
    accessKeyId: printable,
  });
  const anySettings = fc.oneof(fc.record(settingsWithoutHost), fc.record({ ...settingsWithoutHost, https: anyHttps }));

  test("reads back each setting that renderServer has written, quotes included, and the script", () => {
    fc.assert(
      fc.property(anySettings, (given) => {
        const { release, userData } = renderServer(given, facts, script);
        const { variables, script: rest } = parseUserData(userData);
        const https = "https" in given ? given.https : undefined;
        expect(Object.fromEntries(variables)).toEqual({
          PLANET_ACME_CONTACT: https?.acmeContact ?? "",
          PLANET_ACME_DIRECTORY: https?.acmeDirectory ?? "",
          PLANET_ALLOW_HOSTS: given.allowHosts.join(","),
          PLANET_ARCHIVE_MONTHS: String(given.archiveMonths),
          PLANET_BUCKET_URL: given.bucketUrl,
          PLANET_BUNDLE: given.bundle,
          PLANET_CHALLENGE_SIGNATURE: https ? "[secret]********************" : "",
          PLANET_CONTENT: given.content,
          PLANET_HOST: https?.names.join(",") ?? "",
          PLANET_HSTS: https ? String(https.hstsSeconds) : "",
          PLANET_INTERVAL: String(given.intervalSeconds),
          PLANET_KEEPALIVE: "2",
          PLANET_MEMORY_PREFIX: given.memoryPermit.prefix,
          PLANET_MEMORY_SIGNATURE: "[secret]********************",
          PLANET_PERMIT: https ? String(https.permit) : "",
          PLANET_RELEASE: release,
          PLANET_SERVERS: given.isOneOfSeveral ? "several" : "",
          PLANET_SETTLE: String(given.settleSeconds),
          PLANET_SIGNER: given.memoryPermit.accessKeyId,
          PLANET_STACK: given.stack,
          PLANET_TLS_KEY: https ? `[secret]${"*".repeat(56)}` : "",
          PLANET_TLS_SIGNATURE: https ? "[secret]********************" : "",
        });
        expect(rest).toBe(parseUserData(renderServer(settings, facts, script).userData).script);
      }),
    );
  });

  test.each([
    ["another script", "#!/bin/sh\necho PLANET_STACK='x'\n"],
    ["a cloud-config", "#cloud-config\nusers: []\n"],
    ["nothing", ""],
  ])("%s has no settings, and stays as it is", (_, text) => {
    expect(parseUserData(text)).toEqual({ variables: new Map(), script: text });
  });
});

describe("planet.sh", () => {
  const planet = readFileSync("userdata/planet.sh", "utf8");

  test("fits into user-data with the longest settings that are usual", () => {
    const longest: UserDataSettings = {
      bucketUrl: `http://objectstorage.${"cloud".repeat(8)}.example.org:8773/services/objectstorage/${"b".repeat(63)}`,
      bundle: "b".repeat(64),
      content: "d".repeat(64),
      intervalSeconds: 86_400,
      settleSeconds: 3_600,
      allowHosts: Array.from({ length: 10 }, (_, network) => `192.168.${100 + network}.0/24`),
      stack: "s".repeat(64),
      archiveMonths: 1_200,
      isOneOfSeveral: true,
      memoryPermit: { prefix: "memory-1000000/", accessKeyId: "A".repeat(32) },
      https: {
        names: ["www.planet", "planet", "blogs"].map((name) => `${name}.department.university.example.org`),
        acmeDirectory: "https://acme-v02.api.letsencrypt.org/directory",
        acmeContact: "postmaster@department.university.example.org",
        hstsSeconds: 63_072_000,
        permit: 1_000_000,
        accessKeyId: "A".repeat(32),
      },
    };
    expect(() => renderServer(longest, facts, planet)).not.toThrow();
  });

  test("is still a script when its comments are gone", () => {
    const { userData } = renderServer(settings, facts, planet);
    expect(userData).not.toMatch(/^\s*#(?!!)/m);
    execFileSync("bash", ["-n"], { input: userData });
  });
});
