import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { readSettings, SETTING_NAMES } from "./settings.ts";

const needed = {
  "planet:endpoint": "http://10.67.0.1:8773",
  "planet:bucket": "planet",
  "planet:image": "emi-b78e07c8",
  "planet:instanceType": "m1.small",
};
const problemsOf = (extra: Record<string, string>) => readSettings({ ...needed, ...extra }, "local").problems;

describe("readSettings (proves what is accepted and what is said; not that the cloud agrees)", () => {
  test("gives defaults for all but four keys", () => {
    expect(readSettings(needed, "local")).toEqual({
      problems: [],
      settings: {
        stack: "local",
        endpoint: "http://10.67.0.1:8773",
        region: "eucalyptus",
        bucket: "planet",
        image: "emi-b78e07c8",
        instanceType: "m1.small",
        keepAddress: true,
        servers: 0,
        healing: "machine",
        keepServer: false,
        rollout: "live",
        generation: 1,
        intervalSeconds: 300,
        settleSeconds: 60,
        readyDeadlineSeconds: 1800,
        drainingSeconds: 30,
        allowHosts: [],
        overwrite: {},
        leave: [],
        sshFrom: [],
        memory: true,
        permit: 1,
        keepMemory: true,
        archiveMonths: 0,
      },
    });
  });

  test("reads every kind of value", () => {
    const result = readSettings(
      {
        ...needed,
        "planet:endpoint": "https://cloud.example.org:8773/",
        "planet:keepAddress": "false",
        "planet:draining": "0",
        "planet:memory": "off",
        "planet:permit": "2",
        "planet:archiveMonths": "24",
        "planet:address": "173.205.188.124",
        "planet:allowHosts": '["*.blogs.test","10.0.0.0/8"]',
        "planet:overwrite": '{"planet.ini":12345678,"images/a.png":"0a1b2c3d"}',
        "pulumi:disable-default-providers": '["aws"]',
      },
      "prod",
    );
    expect(result).toMatchObject({
      settings: {
        endpoint: "https://cloud.example.org:8773",
        drainingSeconds: 0,
        memory: false,
        permit: 2,
        archiveMonths: 24,
        keepAddress: false,
        address: "173.205.188.124",
        allowHosts: ["*.blogs.test", "10.0.0.0/8"],
        overwrite: { "planet.ini": "12345678", "images/a.png": "0a1b2c3d" },
      },
    });
  });

  test.each(["emi-B78E07C8", "ami-0a1b2c3d", "ami-0123456789abcdef0"])("takes the image id %s", (image) => {
    expect(problemsOf({ "planet:image": image })).toEqual([]);
  });

  test("names all problems at once", () => {
    const { problems } = readSettings({ "planet:intervall": "10", "planet:interval": "ten" }, "local");
    expect(problems.map(({ key }) => key)).toEqual([
      "planet:intervall",
      "planet:endpoint",
      "planet:bucket",
      "planet:image",
      "planet:instanceType",
      "planet:interval",
    ]);
    expect(problems[0]?.reason).toContain("did you mean planet:interval?");
  });

  test.each([
    ["planet:endpoint", "10.67.0.1:8773", "expected http://"],
    ["planet:endpoint", "http://10.67.0.1:8773/services/compute", ": http://10.67.0.1:8773"],
    ["planet:endpoint", "http://localhost:8773", "bucket's name"],
    ["planet:bucket", "a/b", "2 to 255"],
    ["planet:image", "eki-12345678", "emi- or ami-"],
    ["planet:image", "ami-123456789", "8 or 17 hex digits"],
    ["planet:interval", "1", "from 5 to 86400"],
    ["planet:draining", "4", "expected 0 or a whole number from 5 to 3600"],
    ["planet:interval", "1e3", "from 5 to 86400"],
    ["planet:keepAddress", "yes", "true or false"],
    ["planet:rollout", "Live", "live or replace"],
    ["planet:memory", "true", "on or off"],
    ["planet:permit", "0", "from 1 to"],
    ["planet:archiveMonths", "-1", "from 0 to 1200"],
    ["planet:address", "planet.example.org", "IPv4"],
    ["planet:publicKey", "AAAAB3", ".pub"],
    ["planet:publicKey", "ssh-ed25519 AAAA me@host", "no other type"],
    ["planet:sshFrom", '["10.1.2.3/8"]', "did you mean 10.0.0.0/8?"],
    ["planet:sshFrom", "10.0.0.0/8", "list of texts"],
    ["planet:allowHosts", '["a,b"]', "host name"],
    ["planet:overwrite", '{"planet.ini":"1234"}', "8 hex digits in quotes"],
    ["planet:overwrite", "planet.ini", "a map"],
    ["planet:leave", '["../x"]', "published file's name"],
    ["planet:host", "planet", "a DNS name such as"],
    ["planet:host", "*.example.org", "name each host"],
    ["planet:host", "192.0.2.1", "no addresses"],
    ["planet:host", "Planet.example.org", "did you mean planet.example.org?"],
    ["planet:host", "https://planet.example.org/", "did you mean planet.example.org?"],
    ["planet:host", "plänet.example.org", "did you mean xn--plnet-hra.example.org?"],
    ["planet:host", "a.example,a.example", "twice"],
    ["planet:host", `${"a".repeat(64)}.example`, "a DNS name such as"],
    ["planet:host", Array.from({ length: 11 }, (_, n) => `n${n}.example`).join(), "at most 10"],
    ["planet:acmeDirectory", "letsencrypt", "or off"],
    ["planet:acmeDirectory", "https://a.example/'", "or off"],
    ["planet:acmeContact", "me", "a mail address"],
    ["planet:acmeAgree", "yes", "true or false"],
    ["planet:hsts", "-1", "from 0 to 63072000"],
    ["aws:region", "x", "has no effect"],
    ["planet:zzz", "x", "known are endpoint"],
  ])("refuses %s: %s", (key, value, words) => {
    expect(problemsOf({ [key]: value })).toEqual([{ key, reason: expect.stringContaining(words) }]);
  });

  test.each<[string, Record<string, string>, string]>([
    ["an address of its own", { "planet:address": "192.0.2.9" }, "excludes planet:address"],
    ["no memory", { "planet:memory": "off" }, "needs planet:memory on"],
    ["more than a group may have", { "planet:servers": "21" }, "expected a whole number from 0 to 20"],
  ])("refuses several servers with %s", (_, more, reason) => {
    const { problems } = readSettings({ ...needed, "planet:servers": "2", ...more }, "local");
    expect(problems).toEqual([{ key: "planet:servers", reason: expect.stringContaining(reason) }]);
  });

  test("while a name moves, there is also the server behind its address", () => {
    const both = { "planet:servers": "2", "planet:keepServer": "true", "planet:address": "192.0.2.9" };
    expect(readSettings({ ...needed, ...both }, "local")).toMatchObject({
      problems: [],
      settings: { servers: 2, keepServer: true, address: "192.0.2.9" },
    });
  });

  test("refuses what excludes each other", () => {
    const problems = problemsOf({
      "planet:keyName": "me",
      "planet:publicKey": "ssh-rsa AAAA me@host",
      "planet:leave": '["planet.ini"]',
      "planet:overwrite": '{"planet.ini":"01234567"}',
    });
    expect(problems.map(({ key }) => key)).toEqual(["planet:keyName", "planet:leave"]);
  });

  describe("HTTPS", () => {
    const host = { "planet:host": "planet.example.org, www.planet.example.org", "planet:acmeAgree": "true" };
    const httpsOf = (extra: Record<string, string>) => {
      const result = readSettings({ ...needed, ...extra }, "local");
      return "settings" in result ? result.settings.https : result.problems;
    };

    test("begins with a name, and the first is the canonical one", () => {
      expect(httpsOf(host)).toEqual({
        names: ["planet.example.org", "www.planet.example.org"],
        acmeDirectory: "https://acme-v02.api.letsencrypt.org/directory",
        acmeContact: "",
        hstsSeconds: 0,
      });
      expect(httpsOf({ "planet:host": "", "planet:hsts": "60" })).toBeUndefined();
    });

    test("orders nothing before somebody has agreed to the authority's terms", () => {
      const { "planet:host": name } = host;
      const link = "https://letsencrypt.org/repository/";
      const refused = [{ key: "planet:acmeAgree", reason: expect.stringContaining(link) }];
      expect(httpsOf({ "planet:host": name })).toEqual(refused);
      expect(httpsOf({ ...host, "planet:acmeAgree": "false" })).toEqual(refused);
      expect(httpsOf({ "planet:host": name, "planet:acmeDirectory": "off" })).toMatchObject({ acmeDirectory: "" });
    });

    test("orders by plain http from the local cloud's authority alone", () => {
      const directory = { "planet:acmeDirectory": "http://10.67.0.1:14000/dir" };
      expect(httpsOf({ ...host, ...directory })).toMatchObject({ acmeDirectory: "http://10.67.0.1:14000/dir" });
      const elsewhere = { ...host, ...directory, "planet:endpoint": "http://173.205.188.8:8773" };
      expect(problemsOf(elsewhere).map(({ key }) => key)).toEqual(["planet:acmeDirectory"]);
    });
  });

  test.each<[string, Record<string, string>, string[]]>([
    ["shorter than a server takes to read back what it has written", { "planet:draining": "14" }, ["planet:draining"]],
    ["just as long", { "planet:draining": "15" }, []],
    ["short beside a short interval", { "planet:draining": "5", "planet:interval": "10" }, []],
    ["short without a memory", { "planet:draining": "5", "planet:memory": "off" }, []],
    ["none, which cuts everything off", { "planet:draining": "0" }, []],
  ])("a draining time that is %s", (_, extra, keys) => {
    expect(problemsOf(extra).map(({ key }) => key)).toEqual(keys);
  });

  test("refuses a stack name that could not be part of other names", () => {
    expect(readSettings(needed, "a'b").problems).toHaveLength(1);
  });

  test("never throws, whatever the texts are", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...SETTING_NAMES.map((name) => `planet:${name}`)), fc.string()),
        (raw) => {
          readSettings({ ...needed, ...raw }, "local");
        },
      ),
    );
  });
});

describe("Pulumi.yaml", () => {
  const schema = readFileSync("Pulumi.yaml", "utf8");
  const described = [...schema.matchAll(/^ {2}planet:(\w+):\n((?: {4}.*\n)+)/gm)];

  test("describes exactly the settings there are", () => {
    expect(described.map(([, name]) => name).toSorted()).toEqual(SETTING_NAMES.toSorted());
    for (const [, , body] of described) expect(body).toMatch(/description:/);
  });

  test("has the same defaults as the program", () => {
    const fromSchema = Object.fromEntries(
      described.flatMap(([, name, body]) => {
        const text = /default: (.*)/.exec(body ?? "")?.[1];
        return text === undefined ? [] : [[`planet:${name}`, text.replaceAll('"', "")]];
      }),
    );
    expect(readSettings({ ...needed, ...fromSchema }, "local")).toEqual(readSettings(needed, "local"));
  });
});
