import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import type { TriedFeed, TryFeedRequest } from "@planet/aggregator";
import { realFeedsEdges } from "./edges.ts";
import { checkoutWith, feeds, INI, siteFile } from "./testing/testFeeds.ts";

const FOUND: TriedFeed = {
  finalUrl: "http://b.example/feed",
  format: "atom",
  title: "Bert's \u001b[31mblog",
  entries: 3,
  newest: new Date("2026-02-01T00:00:00Z"),
  repaired: false,
};

const failing = (code: string) => () => Promise.reject(Object.assign(new Error("the feed said no"), { code }));

describe("planet feeds add (proves the file and the questions asked; the fetch itself is the aggregator's)", () => {
  test("asks the feed, takes its title as the name, and keeps every byte that was there", async () => {
    const checkout = checkoutWith({ "planet.ini": INI });
    const asked: TryFeedRequest[] = [];
    const tryFeed = async (request: TryFeedRequest) => {
      asked.push(request);
      return FOUND;
    };
    const { code, out, err } = await feeds(["add", "http://b.example/feed"], checkout, { tryFeed });
    expect(code).toBe(0);
    expect(asked).toMatchObject([
      { url: "http://b.example/feed", userAgent: "P/1.0 (+http://p.example/)", allowHosts: [] },
    ]);
    expect(siteFile(checkout).startsWith(INI)).toBe(true);
    expect(siteFile(checkout)).toContain("\n[http://b.example/feed]\nname = Bert's");
    expect(out).toContain("+[http://b.example/feed]");
    expect(out + err).not.toContain("\u001b");
    expect(err).toContain("atom with 3 entries, the newest of 2026-02-01");
  });

  test("a sample blog is read from the checkout: it needs no cloud that runs", async () => {
    const checkout = checkoutWith({ "planet.ini": INI });
    const { err } = await feeds(["add", "http://bakery.blogs.test/rss.xml"], checkout, {
      tryFeed: realFeedsEdges.tryFeed,
    });
    expect(err).toMatch(/^http:\/\/bakery\.blogs\.test\/rss\.xml: \w+ with \d+ entries/);
  });

  test("introduces itself as the server will, so that what the one gets the other gets", async () => {
    const checkout = checkoutWith({ "planet.ini": INI.replace("[Planet]\n", "[Planet]\nuser_agent = Harbour/2\n") });
    const agents: string[] = [];
    const tryFeed = async ({ userAgent }: TryFeedRequest) => {
      agents.push(userAgent);
      return FOUND;
    };
    await feeds(["add", "http://b.example/feed"], checkout, { tryFeed });
    expect(agents).toEqual(["Harbour/2"]);
  });

  test("--name wins over the title, a permanent redirect over the URL", async () => {
    const checkout = checkoutWith({ "planet.ini": INI });
    const tryFeed = async () => ({ ...FOUND, permanentUrl: "https://b.example/new" });
    await feeds(["add", "http://b.example/feed", "--name", "Bert"], checkout, { tryFeed });
    expect(siteFile(checkout)).toBe(`${INI}\n[https://b.example/new]\nname = Bert\n`);
  });

  test("a host that may be private is asked again as the stack allows it", async () => {
    const checkout = checkoutWith({ "planet.ini": INI });
    const allowed: (readonly string[])[] = [];
    const tryFeed = async ({ allowHosts }: TryFeedRequest) => {
      allowed.push(allowHosts);
      return allowHosts.length === 0 ? failing("dns")() : FOUND;
    };
    const { calls } = await feeds(["add", "http://x.blogs.test/feed", "--stack", "prod"], checkout, { tryFeed });
    expect(allowed).toEqual([[], ["*.blogs.test", "192.0.2.1"]]);
    expect(calls).toEqual([["config", "--json", "--stack", "prod"]]);
  });

  test.each([
    ["the same feed, written otherwise", ["add", "HTTP://A.example:80/feed#x"], async () => FOUND, "FEED_EXISTS"],
    ["no URL", ["add", "ftp://b.example/"], async () => FOUND, "FEED_URL"],
    ["no answer", ["add", "http://b.example/feed"], failing("timeout"), "FEED_UNUSABLE"],
    [
      "moved to one that is there",
      ["add", "http://b.example/feed"],
      async () => ({ ...FOUND, permanentUrl: "http://a.example/feed" }),
      "FEED_EXISTS",
    ],
  ])("refuses: %s", async (_, argv, tryFeed, code) => {
    const checkout = checkoutWith({ "planet.ini": INI });
    const result = feeds(argv, checkout, { tryFeed });
    await expect(result).rejects.toMatchObject({
      code,
      exitCode: 1,
      next: expect.stringContaining("Nothing was changed."),
    });
    expect(siteFile(checkout)).toBe(INI);
  });

  test("says why a feed is refused and what to do, with nothing in it that commands a terminal", async () => {
    const tryFeed = () => Promise.reject(new Error("the feed said \u001b[31mno"));
    const result = feeds(["add", "http://b.example/feed"], checkoutWith({ "planet.ini": INI }), { tryFeed });
    await expect(result).rejects.toMatchObject({
      message: [
        "http://b.example/feed is not usable as a feed:",
        "the feed said no.",
        "Open the URL in a browser; `--unchecked` adds it all the same. Nothing was changed.",
      ].join("\n"),
    });
  });

  test("--unchecked asks nobody", async () => {
    const checkout = checkoutWith({ "planet.ini": INI });
    expect((await feeds(["add", "http://b.example/feed", "--unchecked"], checkout)).code).toBe(0);
    expect(siteFile(checkout)).toBe(`${INI}\n[http://b.example/feed]\n`);
  });
});

describe("planet feeds list, remove, check", () => {
  test("list is for people or for scripts", async () => {
    const checkout = checkoutWith({ "planet.ini": INI });
    expect((await feeds(["list"], checkout)).out).toBe("Anna  http://a.example/feed\n");
    expect(JSON.parse((await feeds(["list", "--json"], checkout)).out)).toEqual([
      { url: "http://a.example/feed", name: "Anna", line: 6, readingList: false },
    ]);
  });

  test.each(["http://a.example/feed", "Anna"])("remove %s", async (wanted) => {
    const checkout = checkoutWith({ "planet.ini": `${INI}\n[http://b.example/feed]\nname = Bert\n` });
    expect((await feeds(["remove", wanted], checkout)).out).toContain("-[http://a.example/feed]");
    expect(siteFile(checkout)).toBe(`${INI.slice(0, INI.indexOf("[http"))}[http://b.example/feed]\nname = Bert\n`);
  });

  test("remove does not guess", async () => {
    const checkout = checkoutWith({ "planet.ini": `${INI}\n[http://b.example/feed]\nname = Anna\n` });
    await expect(feeds(["remove", "Anna"], checkout)).rejects.toMatchObject({ code: "FEED_AMBIGUOUS" });
    await expect(feeds(["remove", "http://c.example/"], checkout)).rejects.toMatchObject({ code: "FEED_UNKNOWN" });
  });

  test("check finds files that are not what their names say", async () => {
    const site = { "planet.ini": INI, "planet.css": "<html>no</html>", "logo.png": "random" };
    const { code, out } = await feeds(["check"], checkoutWith(site));
    expect(code).toBe(1);
    expect(out).toContain("site/logo.png: error: is not image/png");
    expect(out).toContain("site/planet.css: error: is not text/css; it is an HTML page");
  });

  test("check names a link as it names any other file that cannot be published", async () => {
    const checkout = checkoutWith({ "planet.ini": INI, "images/a.gif": "GIF89a" });
    symlinkSync("a.gif", join(checkout, "site/images/b.gif"));
    const { code, out } = await feeds(["check"], checkout);
    expect(code).toBe(1);
    expect(out).toBe("site/images/b.gif: error: is neither file nor folder; put a copy of the file there\n");
  });

  test("check prints file, line and level, and fails on errors", async () => {
    const good = await feeds(["check"], checkoutWith({ "planet.ini": INI }));
    expect([good.code, good.out]).toEqual([0, ""]);
    const bad = await feeds(
      ["check"],
      checkoutWith({ "planet.ini": `${INI}[http://b.example/\n`, "my logo.png": "x" }),
    );
    expect(bad.code).toBe(1);
    expect(bad.out).toContain("site/my logo.png: error: must be letters");
    expect(bad.out).toMatch(/^site\/planet\.ini:8: error: section header/m);
  });

  test("other words are a mistake in usage", async () => {
    const checkout = checkoutWith({ "planet.ini": INI });
    const mistakes = {
      NO_ACTION: [],
      UNKNOWN_ACTION: ["prune"],
      NOT_ONE_URL: ["add"],
      NOT_ONE_FEED: ["remove", "a", "b"],
    };
    for (const [code, argv] of Object.entries(mistakes)) {
      await expect(feeds(argv, checkout)).rejects.toMatchObject({ code, exitCode: 2 });
    }
  });
});
