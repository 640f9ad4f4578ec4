import { createHash } from "node:crypto";
import { expect, test } from "@jest/globals";
import { cpuMs } from "../../testing/cpuMs.ts";
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

test("a page that begins with four times as many comments costs at most ten times as much", () => {
  const [once, more] = [5_000, 20_000].map((comments) => cpuMs(() => withReload("<!---->".repeat(comments), "v1")));
  expect(more).toBeLessThan(10 * Math.max(once ?? 0, 5));
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
