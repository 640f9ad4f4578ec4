import { describe, expect, test } from "@jest/globals";
import { mergeEdit } from "./mergeEdit.ts";

const text = (...lines: string[]) => Buffer.from(lines.map((line) => `${line}\n`).join(""));
const BASE = text("a", "b", "c", "d");

function merged(live: Buffer, ours: Buffer) {
  const facts = { name: "planet.css", published: BASE, earlier: [], hasEarlier: false, isLater: false };
  const result = mergeEdit({ ...facts, live, ours });
  return result.kind === "conflict" ? result.kind : Buffer.from(result.after).toString();
}

describe("mergeEdit (proves lines; which ancestor is chosen is in halfDone.test.ts)", () => {
  test.each([
    ["lines apart", text("A", "b", "c", "d"), text("a", "b", "c", "D"), "A\nb\nc\nD\n"],
    ["neighbours", text("a", "B", "c", "d"), text("a", "b", "C", "d"), "a\nB\nC\nd\n"],
    ["a removal and an insertion", text("a", "c", "d"), text("a", "b", "c", "x", "d"), "a\nc\nx\nd\n"],
    ["an insertion after a changed line", text("a", "b", "c", "D"), text("a", "b", "c", "d", "e"), "a\nb\nc\nD\ne\n"],
    ["the same change twice", text("A", "b", "c", "D"), text("A", "b", "c", "d", "e"), "A\nb\nc\nD\ne\n"],
    ["an edit that is in ours", text("A", "b", "c", "d"), text("A", "b", "c", "D"), "A\nb\nc\nD\n"],
    ["one line in two ways", text("A", "b", "c", "d"), text("x", "b", "c", "d"), "conflict"],
    ["two insertions at one place", text("x", "a", "b", "c", "d"), text("y", "a", "b", "c", "d"), "conflict"],
    ["a line in what is removed", text("a", "d"), text("a", "b", "x", "c", "d"), "conflict"],
    ["bytes that are no text", Buffer.from([0xff]), text("x"), "conflict"],
  ])("%s", (_, live, ours, after) => expect(merged(live, ours)).toBe(after));

  test("what would not be a planet.ini any more is a conflict", () => {
    const published = Buffer.from("[Planet]\nname = P\nlink = http://p.example/\n[http://a.example/]\nname = A\n");
    const live = Buffer.from(published.toString().replace("[http://a.example/]", "[http://b.example/]"));
    const ours = Buffer.from(`${published}[http://b.example/\n`);
    const facts = { name: "planet.ini", published, earlier: [], hasEarlier: false, isLater: false, live, ours };
    expect(mergeEdit(facts).kind).toBe("conflict");
  });
});
