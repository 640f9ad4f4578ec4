import { createHash } from "node:crypto";
import { expect, test } from "@jest/globals";
import { livePolicy, noticePage, withReload } from "./livePage.ts";

const AT = /<script data-version="v1">[\s\S]*?<\/script>/;

test.each([
  ["behind the doctype", '<!doctype html>\n<html lang="en">', '<!doctype html>|\n<html lang="en">'],
  [
    "behind comments and a mark",
    "\ufeff <!-- a --><!-- b -->\n<!DOCTYPE html><p>",
    "\ufeff <!-- a --><!-- b -->\n<!DOCTYPE html>|<p>",
  ],
  ["first where there is none", "<p>text", "|<p>text"],
  ["never inside a comment", "<!-- <!doctype html> -- <p>", "|<!-- <!doctype html> -- <p>"],
])("the script stands %s", (_, html, place) => {
  expect(withReload(html, "v1").replace(AT, "|")).toBe(place);
});

test("a page that begins with thousands of comments costs no time", () => {
  const html = "<!---->".repeat(20_000);
  const started = performance.now();
  expect(withReload(html, "v1")).toContain(html);
  expect(performance.now() - started).toBeLessThan(1_000);
});

test("the policy lets this script run, and no other", () => {
  const script = /<script data-version="v1">([\s\S]*?)<\/script>/.exec(withReload("", "v1"))?.[1] ?? "";
  const hash = createHash("sha256").update(script).digest("base64");
  expect(livePolicy("default-src 'none'")).toBe(`default-src 'none'; script-src 'sha256-${hash}'; connect-src 'self'`);
});

test("a notice shows markup as text", () => {
  expect(noticePage("A", ["site/a.liquid:1: error: <script>alert(1)</script>"])).toContain(
    "&lt;script&gt;alert(1)&lt;",
  );
});
