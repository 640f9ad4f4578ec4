import { describe, expect, test } from "@jest/globals";
import { mergeFile } from "../../git.ts";
import { mergeEdit } from "./mergeEdit.ts";

const text = (...lines: string[]) => Buffer.from(lines.map((line) => `${line}\n`).join(""));
const BASE = text("a", "b", "c", "d", "e");

async function merged(live: Buffer, ours: Buffer, published = BASE) {
  const facts = { name: "planet.css", published, earlier: [], hasEarlier: false, isLater: false };
  const result = await mergeEdit({ ...facts, live, ours }, mergeFile);
  return result.kind === "conflict" ? result.kind : Buffer.from(result.after).toString();
}

describe("mergeEdit (proves lines; which ancestor is chosen is in halfDone.test.ts)", () => {
  test.each([
    ["lines apart", text("A", "b", "c", "d", "e"), text("a", "b", "c", "d", "E"), "A\nb\nc\nd\nE\n"],
    ["a removal and an insertion", text("a", "c", "d", "e"), text("a", "b", "c", "x", "d", "e"), "a\nc\nx\nd\ne\n"],
    ["the same change twice", text("A", "b", "c", "d", "E"), text("A", "b", "c", "d", "e"), "A\nb\nc\nd\nE\n"],
    ["an edit that is in ours", text("A", "b", "c", "d", "e"), text("A", "b", "C", "d", "e"), "A\nb\nC\nd\ne\n"],
    ["one line in two ways", text("A", "b", "c", "d", "e"), text("x", "b", "c", "d", "e"), "conflict"],
    ["two insertions at one place", text("x", "a", "b", "c", "d", "e"), text("y", "a", "b", "c", "d", "e"), "conflict"],
    ["a line in what is removed", text("a", "e"), text("a", "b", "x", "c", "d", "e"), "conflict"],
  ])("%s", async (_, live, ours, after) => expect(await merged(live, ours)).toBe(after));

  test.each([
    ["the edit", Buffer.from([0xff]), text("x")],
    ["ours", text("A", "b", "c", "d", "e"), Buffer.from([0xff])],
  ])("a conflict says that %s is not text", async (_, live, ours) => {
    const facts = { name: "a.gif", published: BASE, earlier: [], hasEarlier: false, isLater: false };
    const result = await mergeEdit({ ...facts, live, ours }, mergeFile);
    expect(result).toMatchObject({ kind: "conflict", why: expect.stringContaining("not UTF-8 text") });
  });

  test.each([
    ["a changed line beside a changed line", text("a", "B", "c", "d", "e"), text("a", "b", "C", "d", "e")],
    ["a line after a changed last line", text("a", "b", "c", "d", "E"), text("a", "b", "c", "d", "e", "f")],
    ["a removed line beside a changed line", text("a", "c", "d", "e"), text("a", "b", "C", "d", "e")],
  ])("git takes neighbours for one place: %s is a conflict", async (_, live, ours) => {
    expect(await merged(live, ours)).toBe("conflict");
  });

  test.each([
    ["ours", "A\nb\nc", "a\nb\nc\n", "A\nb\nc\n"],
    ["the edit", "a\nb\nc\n", "A\nb\nc", "A\nb\nc\n"],
    ["nobody", "A\nb\nc", "a\nb\nc", "A\nb\nc"],
  ])("a last line without an end gets one where %s gives it one", async (_, live, ours, after) => {
    expect(await merged(Buffer.from(live), Buffer.from(ours), Buffer.from("a\nb\nc"))).toBe(after);
  });

  test("line ends of Windows stay", async () => {
    const windows = (...lines: string[]) => Buffer.from(lines.map((line) => `${line}\r\n`).join(""));
    expect(await merged(windows("A", "b", "c"), windows("a", "b", "C"), windows("a", "b", "c"))).toBe(
      "A\r\nb\r\nC\r\n",
    );
  });

  test("what would not be a planet.ini any more is a conflict", async () => {
    const published = Buffer.from("[Planet]\nname = P\nlink = http://p.example/\n\n[http://a.example/]\nname = A\n");
    const live = Buffer.from(published.toString().replace("name = P", "name = Q"));
    const ours = Buffer.from(`${published}[http://b.example/\n`);
    const facts = { name: "planet.ini", published, earlier: [], hasEarlier: false, isLater: false, live, ours };
    expect((await mergeEdit(facts, mergeFile)).kind).toBe("conflict");
    expect((await mergeEdit({ ...facts, name: "planet.txt" }, mergeFile)).kind).toBe("merge");
  });
});
