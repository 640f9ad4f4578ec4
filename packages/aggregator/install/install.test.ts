import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { readPermit } from "@planet/content";
import { readCertificateSettings } from "../certificate/settings.ts";
import { readSettings } from "../sync/settings.ts";
import { type ServerFile, serverFiles } from "./serverFiles.ts";
import { readInstallSettings } from "./settings.ts";
import { writeFiles } from "./writeFiles.ts";

const MEGABYTE = 1024 * 1024;
const environment = {
  PLANET_ACME_CONTACT: "webmaster@example.org",
  PLANET_ACME_DIRECTORY: "https://acme-v02.api.letsencrypt.org/directory",
  PLANET_ALLOW_HOSTS: "*.blogs.test,10.0.0.0/8",
  PLANET_ARCHIVE_MONTHS: "24",
  PLANET_SERVERS: "several",
  PLANET_BUCKET_URL: "http://10.67.0.1:8773/services/objectstorage/planet",
  PLANET_BUNDLE: "b".repeat(64),
  PLANET_CHALLENGE_SIGNATURE: `${"c".repeat(27)}=`,
  PLANET_CONTENT: "d".repeat(64),
  PLANET_DEGRADED: "clock upgrade",
  PLANET_HOST: "planet.example.org,www.planet.example.org",
  PLANET_HSTS: "31536000",
  PLANET_INTERVAL: "300",
  PLANET_KEEPALIVE: "2",
  PLANET_MEMORY_PREFIX: "memory/",
  PLANET_MEMORY_SIGNATURE: `${"s".repeat(27)}=`,
  PLANET_PERMIT: "2",
  PLANET_RELEASE: "0a1b2c3d",
  PLANET_SETTLE: "60",
  PLANET_SIGNER: "AKIAPLANET",
  PLANET_STACK: "local",
  PLANET_TLS_KEY: "0123456789abcdef".repeat(4),
  PLANET_TLS_SIGNATURE: `${"t".repeat(27)}=`,
};
const machine = {
  engine: `/opt/planet/engine/${"b".repeat(64)}/planet.cjs`,
  hasIpv6: true,
  instanceId: "i-0a1b2c3d",
  memoryBytes: 2048 * MEGABYTE,
  nameservers: ["10.0.0.2", "[fd00::2]"],
};
const settingsWith = (change: Partial<Record<keyof typeof environment, string>>, instanceId = machine.instanceId) =>
  readInstallSettings({ ...environment, ...change }, { ...machine, instanceId });

describe("serverFiles (proves bytes; that systemd and nginx take them is proven by booting)", () => {
  const files = serverFiles(settingsWith({}));
  const textOf = (name: string, from: readonly ServerFile[] = files) =>
    from.find(({ path }) => basename(path) === name)?.text ?? "";

  test.each(files.map(({ path }) => path))(
    "%s is the text that was reviewed (UPDATE_GOLDEN=1 rewrites it)",
    async (path) => {
      const golden = new URL(`testdata/${basename(path)}.golden`, import.meta.url);
      const actual = textOf(basename(path));
      if (process.env.UPDATE_GOLDEN) await writeFile(golden, actual);
      expect(actual).toBe(await readFile(golden, "utf8"));
    },
  );

  test("docs/trust.md names each header that nginx adds", async () => {
    const page = await readFile(new URL("../../../docs/trust.md", import.meta.url), "utf8");
    const headers = files.flatMap(({ text = "" }) =>
      [...text.matchAll(/\badd_header (\S+)/g)].map(([, name = ""]) => name),
    );
    expect(headers).not.toEqual([]);
    expect(headers.filter((name) => !page.includes(`\`${name}`))).toEqual([]);
  });

  test.each([
    ["every setting", {}, machine.instanceId],
    ["empty ones", { PLANET_ALLOW_HOSTS: "", PLANET_CONTENT: "", PLANET_DEGRADED: "" }, ""],
  ])("the sync reads the same settings from its environment file: %s", (_, change, instanceId) => {
    const settings = settingsWith(change, instanceId);
    const lines = textOf("planet.env", serverFiles(settings)).trimEnd().split("\n");
    const read = lines.map((line) => /^(\w+)='(.*)'$/.exec(line)?.slice(1) ?? [line, ""]);
    expect(readSettings(Object.fromEntries(read))).toEqual(settings.sync);
  });

  test.each([
    ["5", "0"],
    ["50", "5"],
    ["86400", "20"],
  ])("an interval of %s s varies by at most %s s", (interval, jitter) => {
    const timer = textOf("planet-sync.timer", serverFiles(settingsWith({ PLANET_INTERVAL: interval })));
    expect(timer).toContain(`\nOnUnitInactiveSec=${interval}\n`);
    expect(timer).toContain(`\nRandomizedDelaySec=${jitter}\n`);
  });

  test.each([
    // What Linux leaves of 512 MB and of 1 GB.
    [465, 325, 123],
    [970, 679, 335],
    [2_048, 768, 388],
    [393_216, 768, 388],
  ])("on a machine with %d MB the sync may use %d, and %d for what lasts", (megabytes, unit, heap) => {
    const settings = readInstallSettings(environment, { ...machine, memoryBytes: megabytes * MEGABYTE });
    const service = textOf("planet-sync.service", serverFiles(settings));
    expect(service).toContain(`\nMemoryMax=${unit}M\n`);
    expect(service).toContain(` --max-old-space-size=${heap} `);
  });

  test("a reader has at most 100 connections; behind a balancer, where all come from its address, that is no limit", () => {
    const limits = (more: Parameters<typeof settingsWith>[0]) =>
      textOf("planet-site.conf", serverFiles(settingsWith(more))).match(/^limit_conn .*$/gm);
    expect(limits({ PLANET_SERVERS: "" })).toEqual(["limit_conn planet_readers 100;"]);
    expect(limits({ PLANET_SERVERS: "several" })).toBeNull();
  });

  test("without IPv6 nginx listens on IPv4 only", () => {
    const settings = readInstallSettings(environment, { ...machine, hasIpv6: false });
    const listens = (text: string) => text.match(/^ *listen .*$/gm);
    expect(listens(textOf("planet.conf"))).toEqual(["  listen 80 default_server;", "  listen [::]:80 default_server;"]);
    expect(listens(textOf("planet.conf", serverFiles(settings)))).toEqual(["  listen 80 default_server;"]);
    expect(textOf("https.conf", serverFiles(settings))).not.toContain("[::]");
  });
});

describe("HTTPS", () => {
  const withoutHost = {
    ...{ PLANET_HOST: "", PLANET_ACME_DIRECTORY: "", PLANET_ACME_CONTACT: "", PLANET_HSTS: "", PLANET_PERMIT: "" },
    ...{ PLANET_TLS_KEY: "", PLANET_TLS_SIGNATURE: "", PLANET_CHALLENGE_SIGNATURE: "" },
  };
  const filesWith = (change: Partial<typeof environment>) => serverFiles(settingsWith(change));
  const textIn = (files: readonly ServerFile[], name: string) =>
    files.find(({ path }) => basename(path) === name)?.text ?? "";

  test("without a host there are no files of it, and nginx has the website alone", () => {
    const files = filesWith(withoutHost);
    expect(files.map(({ path }) => path).filter((path) => /certificate|https|redirect/.test(path))).toEqual([]);
    expect(textIn(files, "planet.conf")).not.toMatch(/443|acme|nginx-on|301/);
  });

  test("its secrets are in one file that root alone reads, and in no other", () => {
    const files = filesWith({});
    const secrets = [
      environment.PLANET_TLS_KEY,
      environment.PLANET_TLS_SIGNATURE,
      environment.PLANET_CHALLENGE_SIGNATURE,
    ];
    for (const secret of secrets) {
      const holders = files.filter(({ text }) => text?.includes(secret));
      expect(holders).toMatchObject([{ path: "/etc/planet/certificate.json", mode: 0o600 }]);
    }
    expect(textIn(files, "planet-sync.service")).not.toContain("certificate");
    expect(textIn(files, "planet-certificate.service")).toContain(
      "\nLoadCredential=certificate:/etc/planet/certificate.json\n",
    );
  });

  test("what the unit reads is what was written", () => {
    const { https } = settingsWith({});
    expect(readCertificateSettings(textIn(filesWith({}), "certificate.json"))).toEqual(https?.certificate);
    expect(https).toMatchObject({
      names: ["planet.example.org", "www.planet.example.org"],
      hstsSeconds: 31_536_000,
      certificate: { tlsPermit: { prefix: "tls-2/" }, challengePermit: { prefix: "acme-challenge-2/" } },
    });
  });

  test.each<[string, Partial<typeof environment>]>([
    ["WRONG_SETTING", { PLANET_HOST: "planet.example.org;" }],
    ["WRONG_SETTING", { PLANET_HOST: "*.example.org" }],
    ["WRONG_SETTING", { PLANET_HSTS: "" }],
    ["WRONG_SETTING", { PLANET_PERMIT: "0" }],
    ["WRONG_SETTING", { PLANET_ACME_DIRECTORY: "ftp://x" }],
    ["WRONG_CERTIFICATE_KEY", { PLANET_TLS_KEY: "f".repeat(63) }],
    ["PERMIT", { PLANET_TLS_SIGNATURE: "no" }],
    ["PERMIT", { PLANET_CHALLENGE_SIGNATURE: `'${"c".repeat(26)}=` }],
  ])("stops the boot with %s for %j", (code, change) => {
    expect(() => filesWith(change)).toThrow(expect.objectContaining({ code }));
  });

  test("nginx says that HTTPS is to stay only when somebody has said so", () => {
    const header = "Strict-Transport-Security";
    expect(textIn(filesWith({}), "https.conf")).toContain(`add_header ${header} "max-age=31536000" always;`);
    expect(textIn(filesWith({ PLANET_HSTS: "0" }), "https.conf")).not.toContain(header);
  });

  test.each([
    [
      "http://10.67.0.1:8773/services/objectstorage/planet",
      /proxy_pass http:\/\/10\.67\.0\.1:8773\/services\/objectstorage\/planet\/acme-challenge-2\/\$planet_token;/,
      /resolver|proxy_ssl/,
    ],
    ["https://s3.example.org/planet", /resolver 10\.0\.0\.2 \[fd00::2\];[\s\S]*proxy_ssl_verify on;/, /resolver ;/],
  ])("a challenge is passed on to the bucket %s, and nothing else is", (url, wanted, unwanted) => {
    const text = textIn(filesWith({ PLANET_BUCKET_URL: url }), "planet.conf");
    expect(text).toMatch(wanted);
    expect(text).not.toMatch(unwanted);
  });

  test.each([
    ["1", ["acme-challenge/", "acme-challenge-2/"]],
    ["2", ["acme-challenge-2/", "acme-challenge-3/"]],
  ])("answers to challenges count by permit %s and the next one, never by one before", (permit, folders) => {
    const text = textIn(filesWith({ PLANET_PERMIT: permit }), "planet.conf");
    const passed = [...text.matchAll(/proxy_pass .*\/planet\/(.*)\$planet_token;/g)];
    expect([passed.map(([, folder]) => folder), text.match(/proxy_pass /g)?.length]).toEqual([folders, 2]);
  });
});

describe("the permit of the planet's memory", () => {
  const signature = environment.PLANET_MEMORY_SIGNATURE;
  const filesWith = (change: Partial<typeof environment>) => serverFiles(settingsWith(change));
  const permitIn = (files: readonly ServerFile[]) => files.find(({ path }) => path === "/etc/planet/memory.json");
  const serviceIn = (files: readonly ServerFile[]) =>
    files.find(({ path }) => path.endsWith("planet-sync.service"))?.text;

  test("is in a file that root alone reads and in no other; the sync's unit gets it as a credential", () => {
    const files = filesWith({});
    expect(files.filter(({ text }) => text?.includes(signature))).toEqual([permitIn(files)]);
    expect(permitIn(files)?.mode).toBe(0o600);
    expect(readPermit(permitIn(files)?.text ?? "")).toEqual({
      bucketUrl: environment.PLANET_BUCKET_URL,
      bucket: "planet",
      prefix: "memory/",
      accessKeyId: "AKIAPLANET",
      signature,
    });
    expect(serviceIn(files)).toContain("\nLoadCredential=memory:/etc/planet/memory.json\n");
  });

  test.each<[string, Partial<typeof environment>]>([
    ["without a memory", { PLANET_MEMORY_PREFIX: "", PLANET_MEMORY_SIGNATURE: "" }],
    ["where the engine's user could read the user-data", { PLANET_DEGRADED: "clock fence" }],
  ])("is not there %s, and its file is removed", (_, change) => {
    const files = filesWith(change);
    expect(permitIn(files)).toEqual({ path: "/etc/planet/memory.json", mode: 0o600 });
    expect(serviceIn(files)).not.toContain("LoadCredential");
  });

  test("that is malformed stops the boot and is not repeated", () => {
    const wrong = `'${"s".repeat(26)}=`;
    expect(() => filesWith({ PLANET_MEMORY_SIGNATURE: wrong })).toThrow(
      expect.objectContaining({ code: "PERMIT", message: expect.not.stringContaining(wrong) }),
    );
  });
});

describe("readInstallSettings", () => {
  test.each<[string, Partial<typeof environment>]>([
    ["PLANET_KEEPALIVE", { PLANET_KEEPALIVE: "" }],
    ["PLANET_KEEPALIVE", { PLANET_KEEPALIVE: "0" }],
    ["PLANET_INTERVAL", { PLANET_INTERVAL: "5 min" }],
    ["PLANET_RELEASE", { PLANET_RELEASE: "" }],
    ["PLANET_STACK", { PLANET_STACK: "it's" }],
    ["PLANET_DEGRADED", { PLANET_DEGRADED: "clock\nPLANET_STACK='other'" }],
  ])("names the setting %s in %j", (setting, change) => {
    expect(() => settingsWith(change)).toThrow(expect.objectContaining({ code: "WRONG_SETTING", setting }));
  });

  test.each(["", "planet.cjs", "/opt/planet/the engine.cjs", "/opt/%h/planet.cjs"])(
    "refuses the engine's path %j: the unit could not start it",
    (engine) => {
      const error = expect.objectContaining({ code: "WRONG_SETTING" });
      expect(() => readInstallSettings(environment, { ...machine, engine })).toThrow(error);
    },
  );
});

describe("writeFiles", () => {
  let root: string;
  let files: readonly ServerFile[];
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "planet-install-"));
    files = serverFiles(settingsWith({})).map((file) => ({ ...file, path: join(root, file.path) }));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const onDisk = () =>
    Promise.all(
      files.map(async ({ path, mode }) => {
        const text = await readFile(path, "utf8");
        return { path, text, ...(mode !== undefined && { mode: (await stat(path)).mode & 0o777 }) };
      }),
    );
  const longAgo = new Date("2026-01-01T00:00:00Z");

  test("makes what is absent, folders too", async () => {
    expect(await writeFiles(files)).toEqual(files.map(({ path }) => path));
    expect(await onDisk()).toEqual(files);
  });

  test("a second run touches nothing", async () => {
    await writeFiles(files);
    for (const { path } of files) await utimes(path, longAgo, longAgo);
    expect(await writeFiles(files)).toEqual([]);
    for (const { path } of files) expect((await stat(path)).mtime).toEqual(longAgo);
  });

  test("a half-written system becomes whole, and only what differs is written", async () => {
    type Text = Required<Pick<ServerFile, "path" | "text">>;
    const [whole, cut, longer, ...absent] = files as [Text, Text, Text, ServerFile];
    for (const { path } of [whole, cut, longer]) await mkdir(dirname(path), { recursive: true });
    await writeFile(whole.path, whole.text);
    await writeFile(cut.path, cut.text.slice(0, 100));
    await writeFile(longer.path, `${longer.text}#\n`);
    expect(await writeFiles(files)).toEqual([cut, longer, ...absent].map(({ path }) => path));
    expect(await onDisk()).toEqual(files);
  });

  test("what must not be there is removed, once", async () => {
    const [permit] = files as [ServerFile];
    await writeFiles(files);
    const without = { path: permit.path };
    expect(await writeFiles([without])).toEqual([permit.path]);
    expect(await writeFiles([without])).toEqual([]);
    await expect(stat(permit.path)).rejects.toMatchObject({ code: "ENOENT" });
  });

  test("a file that cannot be replaced fails the run and leaves no part of itself", async () => {
    const [{ path: blocked }] = files as [ServerFile];
    await mkdir(join(blocked, "in the way"), { recursive: true });
    await expect(writeFiles(files)).rejects.toMatchObject({ code: "EISDIR" });
    expect(await readdir(dirname(blocked))).toEqual([basename(blocked)]);
  });
});
