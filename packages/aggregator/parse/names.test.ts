import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { categories, people, personName } from "./names.ts";

describe("names of people", () => {
  test.each([
    ["Miles O&#8217;Hara", "Miles O’Hara"],
    ["Miles O&amp;#8217;Hara", "Miles O&#8217;Hara"],
    ["Q&A Team", "Q&A Team"],
    ['<a href="http://a.test/x">Ann Author</a>, <a href="http://a.test/y">Bob Author</a>', "Ann Author, Bob Author"],
    ["<b>Ann</b> &lt;3", "Ann <3"],
    ["Ann (of the blog)", "Ann (of the blog)"],
    ["“Ann” - Bob", "“Ann” - Bob"],
  ])("%s is %s", (raw, name) => expect(personName(raw)).toBe(name));

  test.each([
    ["Jane Roe (jane@example.test)", "Jane Roe"],
    ["Jane Roe <jane@example.test>", "Jane Roe"],
    ["Jane Roe &lt;jane@example.test&gt;", "Jane Roe"],
    ["Jane Roe [jane@example.test]", "Jane Roe"],
    ["Jane Roe {jane@example.test}", "Jane Roe"],
    ['"Jane Roe" <jane@example.test>', "Jane Roe"],
    ["Jane Roe jane@example.test", "Jane Roe"],
    ["Jane jane@localhost", "Jane"],
    ["jane@example.test (Jane Roe)", "Jane Roe"],
    ["jane@example.test, Jane Roe", "Jane Roe"],
    ["jane@example.test - Jane Roe", "Jane Roe"],
    ["Jane Roe: mailto:jane@example.test?subject=hi", "Jane Roe"],
    ['<a href="mailto:jane@example.test">Jane Roe</a>', "Jane Roe"],
    ["Ann (ann@x), Bob (bob@y)", "Ann, Bob"],
    ["ann@x (Ann), bob@y (Bob)", "Ann, Bob"],
    ["Ann <ann@x>; Bob <bob@y>", "Ann; Bob"],
    ["jane&#64;example.test Jane", "Jane"],
    ["jane%40example.test Jane", "Jane"],
    ["Jane (jane [at] example.test)", "Jane"],
    ["Jane (jane(at)example.test)", "Jane"],
    ["jane.roe+feeds@mail.example.test Jane", "Jane"],
    ["Jane Roe (jane@example.test, roe@example.test)", "Jane Roe"],
  ])("%s is %s, without the address", (raw, name) => expect(personName(raw)).toBe(name));

  test.each(["jane@example.test", "mailto:jane@example.test", "a@x, b@y", "<a@x>", "(a@x)", "@", "  ", "@@@@"])(
    "%j is no name",
    (raw) => expect(personName(raw)).toBeUndefined(),
  );

  test("no address comes through, whatever is around it", () => {
    const around = fc.stringMatching(/^[ ,;:()<>"'a-z@[\]]{0,20}$/);
    fc.assert(
      fc.property(around, around, (before, after) => {
        expect(personName(`${before} jane@example.test ${after}`) ?? "").not.toMatch(/jane@|example\.test/);
      }),
    );
  });

  test("several people are named, each once", () => {
    expect(people(["Ann", undefined, "bob@x (Bob)", "Ann"])).toEqual(["Ann", "Bob"]);
  });
});

describe("categories", () => {
  test("are texts", () => {
    expect(categories(["Q&amp;A", "Caf&eacute;", "C&C", "a  b", "<b>bold</b>", "Array<T>", "", "Q&amp;A"])).toEqual([
      "Q&A",
      "Café",
      "C&C",
      "a b",
      "bold",
      "Array<T>",
    ]);
  });
});
