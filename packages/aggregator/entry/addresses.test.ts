import { describe, expect, test } from "@jest/globals";
import { isOnSite, normalisedId, normalisedLink } from "./addresses.ts";

describe("one page", () => {
  test.each([
    "https://www.a.test/x/?b=1#top",
    "http://A.test:80/x?b=1",
    "https://a.test:443/x?utm_source=f&b=1&fbclid=2",
    "http://me:secret@a.test/x?b=1",
  ])("has one spelling: %s", (link) => expect(normalisedLink(link)).toBe("a.test/x?b=1"));

  test.each(["http://a.test/y?b=1", "http://a.test/x", "http://b.a.test/x?b=1", "http://a.test:8080/x?b=1", "post 1"])(
    "is not %s",
    (link) => expect(normalisedLink(link)).not.toBe("a.test/x?b=1"),
  );
});

test("an id is compared without scheme and www., but with its fragment", () => {
  expect(normalisedId("https://www.a.test/#1")).toBe(normalisedId("http://a.test/#1"));
  expect(normalisedId("http://a.test/#1")).not.toBe(normalisedId("http://a.test/#2"));
});

test.each([
  ["https://www.a.test/1", "http://a.test/", true],
  ["http://blog.a.test/1", "http://a.test/", true],
  ["http://a.test/1", "http://blog.a.test/", true],
  ["http://ba.test/1", "http://a.test/", false],
  ["post 1", "http://a.test/", false],
  ["http:///", "http://a.test/", false],
])("%s is on the site of %s: %s", (page, site, expected) => expect(isOnSite(page, site)).toBe(expected));
