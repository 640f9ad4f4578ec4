import { describe, expect, test } from "@jest/globals";
import { anchorOf, categoryAddress, feedAddresses, rootOf } from "./addresses.ts";

const of = (...urls: string[]) => urls.map((url) => feedAddresses(urls).get(url));

describe("the address of a feed's page", () => {
  test.each([
    ["https://jane.example/atom.xml", /^feed\/jane-example-[0-9a-f]{8}$/],
    ["https://www.jane.example/blog/feed/", /^feed\/jane-example-blog-[0-9a-f]{8}$/],
    ["https://ann:secret@jane.example/x?key=secret", /^feed\/jane-example-x-[0-9a-f]{8}$/],
    ["http://con/", /^feed\/con-[0-9a-f]{8}$/],
    ["http://h.example/../%2e%2e/..%2f..%2fetc/passwd", /^feed\/h-example-etc-passwd-[0-9a-f]{8}$/],
    ["http://🦊.example/🦊/%F0%9F%A6%8A", /^feed\/xn--?[a-z0-9-]+-[0-9a-f]{8}$/],
    [`http://h.example/${"a".repeat(3_000)}`, /^feed\/h-example-a{50}-[0-9a-f]{8}$/],
    ["http://feed.xml/", /^feed\/feed-[0-9a-f]{8}$/],
  ])("%.60s is readable and safe as a file name", (url, address) =>
    expect(of(url)).toEqual([expect.stringMatching(address)]),
  );

  test("stays when feeds come, go or change places, and when the blog moves to https", () => {
    const urls = Array.from({ length: 500 }, (_, index) => `http://h.example/${index}/feed`);
    const all = feedAddresses(urls);
    expect(new Set(all.values()).size).toBe(500);
    expect(feedAddresses([...urls].reverse())).toEqual(new Map([...all].reverse()));
    for (const url of urls) expect(feedAddresses([url]).get(url)).toBe(all.get(url));
    expect(of("https://h.example/7/feed")).toEqual(of("http://www.h.example/7/feed"));
  });

  test("two spellings of one feed have two addresses, in whatever order", () => {
    const spellings = ["http://a.example/f", "https://www.a.example/f", "https://a.example/f"];
    expect(new Set(of(...spellings)).size).toBe(3);
    expect(feedAddresses([...spellings].reverse())).toEqual(feedAddresses(spellings));
  });
});

describe("the address of a category's page", () => {
  test.each([
    ["Python", /^category\/python$/],
    ["free-software", /^category\/free-software$/],
    ["Web  design", /^category\/web-design-[0-9a-f]{8}$/],
    ["../../etc/passwd", /^category\/etc-passwd-[0-9a-f]{8}$/],
    ["CON", /^category\/con-[0-9a-f]{8}$/],
    ["index", /^category\/index-[0-9a-f]{8}$/],
    ["日本語", /^category\/category-[0-9a-f]{8}$/],
    ["🦊", /^category\/category-[0-9a-f]{8}$/],
    ["x".repeat(300), /^category\/x{60}-[0-9a-f]{8}$/],
  ])("%.20s is safe as a file name", (name, address) => expect(categoryAddress(name)).toMatch(address));

  test("names that differ have addresses that differ, spellings of one name do not", () => {
    const names = ["C", "C++", "C#", "c-", "Café", "cafe", "web design", "web-design", "web/design"];
    expect(new Set(names.map(categoryAddress)).size).toBe(names.length);
    expect(categoryAddress(`c-${categoryAddress("C++").slice(-8)}`)).not.toBe(categoryAddress("C++"));
    expect(categoryAddress("Cafe\u0301")).toBe(categoryAddress("CAFÉ"));
  });
});

test("an anchor is an id in HTML, whatever the id of the entry is", () => {
  for (const id of ["", "tag:a,2026:1", '"> <script>', "🦊"]) expect(anchorOf(id)).toMatch(/^e-[0-9a-f]{12}$/);
});

test("a page knows the way back", () => {
  expect(["a.html", "feed/a.html"].map(rootOf)).toEqual(["", "../"]);
});
