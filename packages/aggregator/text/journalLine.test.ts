import { expect, test } from "@jest/globals";
import { journalLine } from "./journalLine.ts";

test.each([
  ["a.css\nplanet: READY release=0badc0de", "a.css planet: READY release=0badc0de"],
  ["x\r\n\u001b[2J\u0085y\u2028z", "x [2J y z"],
  ["abc\u202edef", "abc def"],
  ["http://u:p@h.example/\nf", journalLine("http://u:p@h.example/ f")],
  ["feed http://a.example/ über: ok", "feed http://a.example/ über: ok"],
])("%j is one line without anything hidden", (text, line) => {
  expect(journalLine(text)).toBe(line);
  expect(journalLine(text)).not.toMatch(/\n|:p@/);
});
