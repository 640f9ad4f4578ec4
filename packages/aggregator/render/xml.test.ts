import { expect, test } from "@jest/globals";
import { cleanHtml, htmlOfText } from "../text/cleanHtml.ts";
import { htmlElement, textElement } from "./xml.ts";

test("what readers take for HTML is HTML, and the compiler distinguishes it from text", () => {
  expect(htmlElement("description", cleanHtml("<p>a &amp; b</p>"))).toBe(
    "<description>&lt;p&gt;a &amp;amp; b&lt;/p&gt;</description>",
  );
  expect(htmlElement("description", htmlOfText("<img onerror=x>"))).toBe(
    "<description>&amp;lt;img onerror=x&amp;gt;</description>",
  );
  // @ts-expect-error Text is not HTML.
  htmlElement("description", "<img onerror=x>");
  // @ts-expect-error HTML is not text: its tags would be shown.
  textElement("title", cleanHtml("<b>a</b>"));
});
