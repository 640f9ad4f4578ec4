import { describe, expect, test } from "@jest/globals";
import type { Change } from "./change.ts";
import { keyOf, liveSteps } from "./contentTexts.ts";
import { failedChange } from "./describeChange.ts";
import { renderMarkdown } from "./markdown.ts";
import { reportOf } from "./report.ts";
import { renderTerminal } from "./terminal.ts";
import {
  bucketWith,
  changeOf,
  contentPreview,
  expectGolden,
  objectStep,
  previewOf,
  realPreview,
  serverSteps,
  urn,
  userData,
} from "./testing/testChange.ts";

const INI = "[Planet]\nname = P\n\n[http://a.example/feed]\nname = Anna\n\n[http://b.example/feed]\nname = Bert\n";

const markdown = (change: Change, limit?: number) => renderMarkdown(reportOf(change), limit);
const terminal = (change: Change) => renderTerminal(reportOf(change));

describe("a real preview (proves that the engine's own JSON is understood; not what GitHub makes of the text)", () => {
  test.each(["nothing", "content", "first", "roll", "replace", "ssh", "refused", "badaddress"])("%s", (name) => {
    const change = changeOf(realPreview(name), bucketWith({}));
    expectGolden(`${name}.terminal`, terminal(change));
    expectGolden(`${name}.markdown`, markdown(change));
  });

  test("an overwritten edit is what readers lose", () => {
    const preview = realPreview("overwrite");
    const texts = preview.steps.flatMap(({ before, after }) => [before, after].map((state) => state?.inputs.content));
    const published = texts.find((text) => /Corner Bakery\n[\s\S]*Old Timer\n/.test(String(text)));
    const edited = texts.find((text) => String(text).includes("Corner Bakery, live"));
    const bucket = bucketWith({ "planet.ini": String(published) }, { "planet.ini": String(edited) });
    expectGolden("overwrite.markdown", markdown(changeOf(preview, bucket)));
  });

  test("the JSON for scripts", () => {
    expectGolden("content.json", `${JSON.stringify(changeOf(realPreview("content"), bucketWith({})), null, 2)}\n`);
  });
});

describe("texts of others", () => {
  const names = [
    "**bold** [link](http://x.example) `code` ``` fence",
    "<script>alert(1)</script><img src=x onerror=y></details>",
    "@everyone @org/team #1 GH-2 org/repo#3",
    "\u001b[2J\u001b]0;title\u0007red\u001b[31m\u009b31mC1",
    "right\u202eot tfel and zero\u200bwidth",
    "--> <!-- comment",
  ];
  const hostile = `${INI}${names.map((name, index) => `\n[http://h${index}.example/feed]\nname = ${name}\n`).join("")}`;
  const change = changeOf(
    contentPreview({ "planet.ini": INI }, { "planet.ini": hostile }),
    bucketWith({ "planet.ini": INI }),
  );

  test("cannot be more than text in a comment", () => expectGolden("hostile.markdown", markdown(change)));
  test("cannot steer a terminal", () => {
    const text = terminal(change);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b\u202e]/);
    expectGolden("hostile.terminal", text);
  });

  test("a difference cannot end its fence", () => {
    const css = "a {}\n```\n</details>\n@everyone\n`````\n";
    const before = { "planet.ini": INI, "planet.css": "a {}\n" };
    const preview = contentPreview(before, { ...before, "planet.css": css });
    expectGolden("fence.markdown", markdown(changeOf(preview, bucketWith(before))));
  });

  test("hide no secret, by schema and by value", () => {
    const before = { release: "11111111", userData: userData({ INTERVAL: "300" }, "set -eu\n") };
    const script =
      "export API_TOKEN='abc def'\ncurl -u x http://user:pa55@h.example/?a=1&token=t0k3n\necho long-known-value\n";
    const after = { release: "22222222", userData: userData({ INTERVAL: "300", ADMIN_PASSWORD: "hunter2" }, script) };
    const key = "-----BEGIN RSA PRIVATE KEY-----\nMIIabc\n-----END RSA PRIVATE KEY-----";
    const warning = { severity: "warning", message: `warning: AKI595BF6486B9EA8689 signed\n${key}` };
    const preview = previewOf(serverSteps(before, after), {}, [warning]);
    const text = markdown(changeOf(preview, bucketWith({}), ["long-known-value"]));
    expect(text).not.toMatch(/abc def|hunter2|pa55|t0k3n|long-known|AKI595|MIIabc/);
    expectGolden("secrets.markdown", text);
  });
});

describe("situations", () => {
  const server = (release: string, interval = "300", ami?: string) => ({
    release,
    userData: userData({ INTERVAL: interval, RELEASE: release, STACK: "prod" }),
    ...(ami !== undefined && { ami }),
  });

  test("planet:generation alone", () => {
    const preview = previewOf(serverSteps(server("11111111"), server("22222222")));
    expectGolden("generation.terminal", terminal(changeOf(preview, bucketWith({}))));
  });

  test("settings and image", () => {
    const steps = serverSteps(server("11111111"), server("22222222", "60", "emi-00000001"));
    expectGolden("settings.markdown", markdown(changeOf(previewOf(steps), bucketWith({}))));
  });

  describe("a host", () => {
    const hosted = (release: string, host: string, more: Readonly<Record<string, string>> = {}) => ({
      release,
      userData: userData({ HOST: host, HSTS: host === "" ? "" : "0", PERMIT: "1", RELEASE: release, ...more }),
    });
    const textOf = (before: ReturnType<typeof hosted>, after: ReturnType<typeof hosted>) =>
      terminal(changeOf(previewOf(serverSteps(before, after)), bucketWith({}))).replace(
        /\nUser-data[\s\S]*?\n\n/,
        "\n",
      );

    test("begins, changes, and gets another key", () => {
      const [none, one] = [hosted("11111111", ""), hosted("22222222", "a.example")];
      const texts = [
        textOf(none, one),
        textOf(one, hosted("33333333", "a.example,b.example")),
        textOf(hosted("33333333", "a.example,b.example"), hosted("22222222", "b.example,a.example")),
        textOf(one, hosted("33333333", "a.example", { PERMIT: "2" })),
        textOf(one, hosted("33333333", "a.example", { HSTS: "86400" })),
      ];
      expectGolden("host.terminal", texts.join("\n=====\n\n"));
    });

    test("goes away: a warning, and a stronger one where browsers insist on https", () => {
      const kept = { HSTS: "31536000" };
      const texts = [{}, kept].map((more) => textOf(hosted("11111111", "a.example", more), hosted("22222222", "")));
      expectGolden("hostGone.terminal", texts.join("\n=====\n\n"));
    });

    test("goes away with a rollback to a server that still runs", () => {
      const component = {
        ...{ op: "update", urn: "urn:pulumi:prod::planet::planet:index:Server::planet" },
        oldState: { inputs: { userData: hosted("22222222", "a.example").userData } },
        newState: { inputs: { userData: userData({ RELEASE: "11111111" }) } },
      };
      const wait = (release: string) => ({ inputs: { environment: { PLANET_RELEASE: release } } });
      const served = urn("PublicAddress$command:local:Command", "address-served");
      const steps = [component, { op: "replace", urn: served, oldState: wait("22222222"), newState: wait("11111111") }];
      expect(changeOf(previewOf(steps), bucketWith({})).warnings.join()).toContain("HTTPS goes away");
    });
  });

  test("another address", () => {
    const address = {
      op: "delete",
      urn: urn("PublicAddress$aws:ec2/eip:Eip", "address-elastic"),
      oldState: { inputs: {} },
    };
    const steps = [...serverSteps(server("11111111"), server("22222222"), "198.51.100.7"), address];
    expectGolden("address.markdown", markdown(changeOf(previewOf(steps), bucketWith({}))));
  });

  test("the address is put back on the server that runs", () => {
    const there = { inputs: { publicIp: "198.51.100.7", instanceId: "i-1" } };
    const association = urn("PublicAddress$aws:ec2/eipAssociation:EipAssociation", "address-association");
    const moved = previewOf([{ op: "replace", urn: association, oldState: there, newState: there }]);
    expectGolden("putBack.terminal", terminal(changeOf(moved, bucketWith({}))));
    const seen = previewOf([{ op: "create", urn: association, newState: there }]); // a refresh has seen it elsewhere
    expect(changeOf(seen, bucketWith({}))).toMatchObject({ verdict: "address" });
  });

  test("feeds renamed, removed and many", () => {
    const many = Array.from({ length: 4 }, (_, index) => `\n[http://f${index}.example/feed]\nname = F${index}\n`).join(
      "",
    );
    const [before, after] = [INI + many, INI.replace("Bert", "Berta").replace("[http://b", "[HTTP://B")];
    const preview = contentPreview({ "planet.ini": before }, { "planet.ini": after });
    expectGolden("feeds.markdown", markdown(changeOf(preview, bucketWith({ "planet.ini": before }))));
  });

  test("edits in the bucket", () => {
    const before = { "planet.ini": INI, "planet.css": "a {}\n", "about.txt": "x\n" };
    const edits = { "planet.ini": `${INI}; note\n`, "about.txt": "edited\n" };
    const preview = contentPreview(before, { ...before, "about.txt": "edited\n" });
    expectGolden("edits.markdown", markdown(changeOf(preview, bucketWith(before, edits))));
  });

  test("notes that the stack itself keeps in the bucket are no edits of an operator, and no files of readers", () => {
    const permit = objectStep("goes-with-bucket/permit", "1\n", "2\n");
    const preview = previewOf([objectStep("goes-with-bucket/memory", "below memory/\n", undefined), permit]);
    const asked = Object.fromEntries(liveSteps(preview).map((step) => [keyOf(step), "as it was written\n"]));
    expect(changeOf(preview, bucketWith({}, asked))).toMatchObject({ liveEdits: [], files: [] });
  });

  test("a comment that is too long", () => {
    const css = Array.from({ length: 400 }, (_, index) => `.c${index} { color: red }\n`).join("");
    const before = { "planet.css": "a {}\n", "planet.ini": INI };
    const preview = contentPreview(before, { "planet.css": css, "planet.ini": INI.replace("Bert", "Berta") });
    const text = markdown(changeOf(preview, bucketWith(before)), 2_000);
    expect(text.length).toBeLessThanOrEqual(2_000);
    expectGolden("truncated.markdown", text);
  });

  test("no result", () => expectGolden("failed.markdown", markdown(failedChange("prod", 255))));
});
