import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { textOfHtml } from "../sanitize/text.ts";
import { letters, OPENING_LETTERS, openingOf } from "./opening.ts";

/** What texts are made of, and what a cut may go through. */
const piece = fc.oneof(
  fc.lorem({ maxCount: 12 }),
  fc.constantFrom(
    "\u03a3\u03a3 ",
    "\u{1f600}",
    "&CounterClockwiseContourIntegral;",
    "&amp;amp;",
    "&#8217;",
    "&copy",
    "a < b",
  ),
  fc.constantFrom("<p>", "</p>", "<br/>", '<a title="a > b" href="http://a.test/?a=1&b=2">', "</a>", "<em class=x>"),
  fc.constantFrom(
    "<script>let a = 1 < 2;</script>",
    "<style>p {}</style>",
    "<!-- aside -->",
    "<![CDATA[x]]>",
    "<script>",
  ),
);
const html = fc.array(piece, { maxLength: 120 }).map((pieces) => pieces.join(""));

test("an opening is that of the text, although only its beginning is read", () => {
  fc.assert(
    fc.property(html, (value) => {
      const whole = letters(textOfHtml(value.slice(0, 5_000))).slice(0, OPENING_LETTERS);
      expect(openingOf({ content: { kind: "html", value }, categories: [], enclosures: [] })).toBe(whole);
    }),
    { numRuns: 300 },
  );
});
