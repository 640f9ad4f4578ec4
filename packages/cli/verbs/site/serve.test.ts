import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "@jest/globals";
import { blogs, changesOf, checkoutWith, get, INI, serve, until, writeSite } from "./testing/testSite.ts";

const PAGE = "<!doctype html><title>{{ name }}</title>";

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A server that has what it is asked for by `handle`, for the time of one test. */
async function serverWith(handle: Parameters<typeof createServer>[1]): Promise<number> {
  const server = createServer(handle as never);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closing.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
}

const shows = async (url: string, words: string, path = "/") => (await get(url, path)).body.includes(words);

describe("planet site serve: what it answers", () => {
  test("files with the types and headers of the server, pages with the script that reloads them", async () => {
    const { url, said } = await serve(checkoutWith({ "planet.ini": INI, "planet.css": "p {}" }));
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
    expect(said.err).toContain("shows 1 entry, 1 of 1 feeds");
    const page = await get(url);
    expect(page).toMatchObject({ status: 200, headers: { "content-type": "text/html; charset=utf-8" } });
    expect(page.body).toContain("Fog");
    expect(page.body.match(/<script/g)).toHaveLength(1);
    expect(page.headers["content-security-policy"]).toMatch(
      /^default-src 'none'; .*script-src 'sha256-\S+'; connect-src 'self'$/,
    );
    for (const [path, type] of [
      ["/index.html", "text/html; charset=utf-8"],
      ["/feeds.html?a=b", "text/html; charset=utf-8"],
      ["/planet.css", "text/css; charset=utf-8"],
      ["/atom.xml", "application/atom+xml; charset=utf-8"],
      ["/favicon.ico", "image/x-icon"],
    ] as const) {
      const headers = { "content-type": type, "x-content-type-options": "nosniff", "cache-control": "no-store" };
      expect(await get(url, path)).toMatchObject({ status: 200, headers });
    }
    expect((await get(url, "/atom.xml")).body).not.toContain("<script");
    expect(await get(url, "/", { method: "HEAD" })).toMatchObject({ status: 200, body: "" });
    expect(await get(url, "/", { method: "POST" })).toMatchObject({ status: 405 });
  });

  test("no path leads anywhere else", async () => {
    const checkout = checkoutWith({ "planet.ini": INI });
    const { url } = await serve(checkout);
    symlinkSync("/etc/passwd", join(checkout, "link.css"));
    for (const path of [
      ...["/../site/planet.ini", "/%2e%2e/site/planet.ini", "/..%2fsite%2fplanet.ini", "//etc/passwd"],
      ...[
        "/images/..%5c..%5cetc/passwd",
        "/planet.ini",
        "/index.html.liquid",
        "/.planet-site",
        "/link.css",
        "/%zz",
        "/%00",
      ],
    ]) {
      const { status, body } = await get(url, path);
      expect({ path, status }).toEqual({ path, status: path === "/%zz" ? 400 : 404 });
      expect(body).not.toMatch(/root:|\[Planet\]/);
    }
  });

  test("only who asks for this machine by its own name", async () => {
    const { url } = await serve(checkoutWith({ "planet.ini": INI }));
    const { host } = new URL(url);
    const as = (name: string, path = "/") => get(url, path, { headers: { host: name } });
    for (const name of [host, host.replace("127.0.0.1", "localhost"), "localhost"]) {
      expect(await as(name)).toMatchObject({ status: 200 });
    }
    for (const name of ["evil.example", `evil.example:${new URL(url).port}`, "127.0.0.1.evil.example", "[::1]"]) {
      for (const path of ["/", "/atom.xml", "/-/changes"]) {
        const { status, body } = await as(name, path);
        expect(status).toBeGreaterThanOrEqual(400);
        expect(body).not.toContain("Fog");
      }
    }
  });

  test("only on the loopback", async () => {
    const { url } = await serve(checkoutWith({ "planet.ini": INI }));
    const others = Object.values(networkInterfaces())
      .flat()
      .filter((each) => each?.internal === false && each.family === "IPv4");
    for (const address of ["127.0.0.2", ...others.map((each) => each?.address ?? "")]) {
      const socket = connect(Number(new URL(url).port), address);
      await expect(once(socket, "connect")).rejects.toMatchObject({ code: "ECONNREFUSED" });
    }
  });

  test("--port is kept; one that is taken or no port is said so", async () => {
    const taken = await serverWith(() => {});
    const checkout = checkoutWith({ "planet.ini": INI });
    await expect(serve(checkout, ["--port", String(taken)])).rejects.toMatchObject({ code: "PORT_TAKEN" });
    for (const port of ["65536", "-1", "http"]) {
      await expect(serve(checkout, [`--port=${port}`])).rejects.toMatchObject({ code: "SITE_PORT" });
    }
  });

  test("without --port there is always one that is free", async () => {
    const checkout = checkoutWith({ "planet.ini": INI });
    const [one, two] = [await serve(checkout, []), await serve(checkout, [])];
    expect(one.url).not.toBe(two.url);
    expect(await shows(two.url, "Fog")).toBe(true);
  });
});

describe("planet site serve: what it follows", () => {
  test("a page hears of a change, and only of a change", async () => {
    const checkout = checkoutWith({ "planet.ini": INI, "planet.css": "p {}" });
    const { url, said } = await serve(checkout);
    const { versions, type } = await changesOf(url);
    expect(type).toBe("text/event-stream");
    expect((await get(url)).body).toContain(`data-version="${versions[0]}"`);
    writeSite(checkout, "planet.css", "p { color: red }");
    await until(() => versions.length === 2);
    expect((await get(url, "/planet.css")).body).toBe("p { color: red }");
    expect((await get(url)).body).toContain(`data-version="${versions[1]}"`);
    writeSite(checkout, "planet.css", "p { color: red }");
    await until(() => said.err.includes("still shows"));
    expect(versions).toHaveLength(2);
  });

  test("what is wrong with a feed is said once, not with every change", async () => {
    const checkout = checkoutWith({ "planet.ini": `${INI}\n[http://absent.example/absent]\nname = Nobody\n` });
    const { said } = await serve(checkout);
    writeSite(checkout, "planet.css", "p {}");
    await until(() => said.err.split("• shows").length === 3);
    expect(said.err.match(/failing: Nobody/g)).toHaveLength(1);
  });

  test.each<[string, (checkout: string) => void, string]>([
    [
      "a rename over the file",
      (checkout) => {
        writeFileSync(join(checkout, "site/.index.swp"), "new <p>{{ name }}");
        renameSync(join(checkout, "site/.index.swp"), join(checkout, "site/index.html.liquid"));
      },
      "new <p>Harbour",
    ],
    ["a new folder with a file", (checkout) => writeSite(checkout, "notes/a.txt", "x"), "Harbour"],
    ["a template that goes", (checkout) => rmSync(join(checkout, "site/index.html.liquid")), "Fog"],
    [
      "a folder that is moved into its place",
      (checkout) => {
        mkdirSync(join(checkout, "other"));
        writeFileSync(join(checkout, "other/planet.ini"), INI.replace("Harbour", "Other Harbour"));
        rmSync(join(checkout, "site"), { recursive: true });
        renameSync(join(checkout, "other"), join(checkout, "site"));
      },
      "Other Harbour",
    ],
    ["planet.ini", (checkout) => writeSite(checkout, "planet.ini", INI.replace("Harbour", "Quay")), "Quay"],
  ])("%s", async (_, change, words) => {
    const checkout = checkoutWith({ "planet.ini": INI, "index.html.liquid": PAGE });
    const { url } = await serve(checkout);
    const { versions } = await changesOf(url);
    change(checkout);
    await until(() => versions.length > 1);
    expect(await shows(url, words)).toBe(true);
  });

  test.each<[string, (checkout: string) => void, string]>([
    [
      "a template",
      (checkout) => writeSite(checkout, "index.html.liquid", "<p>\n{% nosuch %}"),
      "site/index.html.liquid:2: error: ",
    ],
    [
      "a half-written template",
      (checkout) => writeSite(checkout, "index.html.liquid", "{% if name"),
      "site/index.html.liquid:1: error: ",
    ],
    ["planet.ini", (checkout) => writeSite(checkout, "planet.ini", `${INI}[http://x`), "site/planet.ini:7: error: "],
    [
      "a deleted planet.ini",
      (checkout) => rmSync(join(checkout, "site/planet.ini")),
      "site/planet.ini: error: is missing",
    ],
    ["a deleted folder", (checkout) => rmSync(join(checkout, "site"), { recursive: true }), "There is no folder "],
    ["a link", (checkout) => symlinkSync("planet.ini", join(checkout, "site/b.ini")), "is neither file nor folder"],
  ])("%s: the mistake is in the terminal and in the browser, until it is gone", async (_, breakIt, words) => {
    const checkout = checkoutWith({ "planet.ini": INI, "index.html.liquid": PAGE });
    const { url, said } = await serve(checkout);
    const { versions } = await changesOf(url);
    breakIt(checkout);
    await until(() => versions.length === 2);
    expect(said.err).toContain(words);
    const broken = await get(url);
    expect(broken).toMatchObject({ status: 500, headers: { "content-type": "text/html; charset=utf-8" } });
    expect(broken.body).toContain(words);
    expect(broken.body).toContain(`data-version="${versions[1]}"`);
    expect(await get(url, "/base.css")).toMatchObject({ status: 200 });

    rmSync(join(checkout, "site"), { recursive: true, force: true });
    for (const [name, text] of [
      ["planet.ini", INI],
      ["index.html.liquid", PAGE],
    ] as const)
      writeSite(checkout, name, text);
    await until(async () => (await get(url)).status === 200);
    expect(await shows(url, "<title>Harbour</title>")).toBe(true);
    expect(versions.length).toBeGreaterThan(2);
  });

  test("a site that is broken from the beginning is served when it is whole", async () => {
    const checkout = checkoutWith({ "planet.ini": INI, "index.html.liquid": "{{ name | nosuch }}" });
    const { url } = await serve(checkout);
    expect(await get(url)).toMatchObject({ status: 500, body: expect.stringContaining("undefined filter: nosuch") });
    writeSite(checkout, "index.html.liquid", PAGE);
    await until(() => shows(url, "<title>Harbour</title>"));
  });

  test("a feed that is new in planet.ini is asked, the others are not asked again", async () => {
    const asked: string[] = [];
    const checkout = checkoutWith({ "planet.ini": INI });
    const { said } = await serve(checkout, ["--port", "0"], { answerFor: blogs(asked) });
    writeSite(checkout, "planet.ini", `${INI}\n[http://two.example/rss]\nname = Two\n`);
    await until(() => said.err.includes("2 of 2 feeds"));
    expect(asked).toEqual(["http://blog.example/rss", "http://two.example/rss"]);
  });

  test("what is known is shown while a slow feed is asked", async () => {
    const checkout = checkoutWith({ "planet.ini": INI });
    await (await serve(checkout)).end();
    const slow = await serverWith(() => {});
    writeSite(checkout, "planet.ini", `${INI}\n[http://127.0.0.1:${slow}/]\nname = Slow\n`);
    const answerFor = (url: URL, headers: Readonly<Record<string, string>>) =>
      url.hostname === "127.0.0.1" ? undefined : blogs()(url, headers);
    const { url } = await serve(checkout, ["--port", "0", "--allow-hosts", "127.0.0.1"], { answerFor });
    expect(await shows(url, "Fog")).toBe(true);
  });
});

describe("planet site serve: its end", () => {
  test("leaves with 0 and keeps nothing open", async () => {
    const { url, end, left } = await serve(checkoutWith({ "planet.ini": INI }));
    await changesOf(url);
    expect(await end()).toBe(0);
    expect(left).toEqual([0]);
    await expect(get(url)).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });

  test.each(["SIGINT", "SIGTERM"] as const)(
    "%s ends the program at once with 0, even while it waits for a feed",
    async (signal) => {
      const asked = Promise.withResolvers<void>();
      const slow = await serverWith(() => asked.resolve());
      const checkout = checkoutWith({ "planet.ini": `${INI.replace("blog.example", `127.0.0.1:${slow}`)}` });
      const temporary = join(checkout, "tmp");
      mkdirSync(temporary);
      const script = `
      const { siteCommand } = await import(${JSON.stringify(new URL("./siteCommand.ts", import.meta.url).href)});
      const say = (text) => process.stderr.write(text);
      const context = { checkout: ${JSON.stringify(checkout)}, environment: {}, shownNotices: new Set(), out: say, err: say };
      process.exitCode = await siteCommand.run(["serve", "--port", "0", "--allow-hosts", "127.0.0.1"], context);`;
      const program = join(checkout, "serve.mjs");
      writeFileSync(program, script);
      const child = spawn(process.execPath, [program], {
        stdio: "ignore",
        env: { ...process.env, TMPDIR: temporary },
      });
      closing.push(() => child.kill("SIGKILL"));
      await asked.promise;
      // As a terminal and `npx` do it: twice.
      child.kill(signal);
      child.kill(signal);
      expect(await once(child, "close")).toEqual([0, null]);
      expect(readdirSync(temporary)).toEqual([]);
    },
  );
});
