import { describe, expect, test } from "@jest/globals";
import { decode } from "./decode.ts";

const xml = (encoding: string, ...bytes: number[]) =>
  Buffer.concat([
    Buffer.from(`<?xml version="1.0" encoding="${encoding}"?><rss>`),
    Buffer.from(bytes),
    Buffer.from("</rss>"),
  ]);

const within = (text: string) => /<rss>(.*)<\/rss>/s.exec(text)?.[1];

describe("the encoding of a document", () => {
  test.each([
    [
      "declared Latin-1 is windows-1252: byte 0x93 is a quotation mark",
      xml("iso-8859-1", 0x93, 0xe9),
      undefined,
      "\u201cé",
    ],
    ["valid UTF-8 is UTF-8 whatever is declared", xml("iso-8859-1", 0xc3, 0xa9), undefined, "é"],
    ["Content-Type comes before the declaration", xml("koi8-r", 0xe9), "text/xml; charset=windows-1251", "й"],
    [
      "the declaration counts when Content-Type says UTF-8 and is wrong",
      xml("koi8-r", 0xe9),
      "text/xml; charset=utf-8",
      "И",
    ],
    ["an unknown label means windows-1252", xml("klingon", 0xe9), undefined, "é"],
    ["Shift_JIS is read", xml("Shift_JIS", 0x93, 0x8c, 0x8b, 0x9e), undefined, "東京"],
    [
      "ISO-2022-JP is read although its bytes are ASCII",
      xml("iso-2022-jp", 0x1b, 0x24, 0x42, 0x45, 0x6c, 0x1b, 0x28, 0x42),
      undefined,
      "東",
    ],
    ["gb2312 is read as gb18030", xml("gb2312", 0xd6, 0xd0), undefined, "中"],
  ])("%s", (_claim, bytes, contentType, expected) => {
    expect(within(decode(bytes, contentType).text)).toBe(expected);
  });

  test.each([
    ["cp819", "windows-1252"],
    ["x-cp1252", "windows-1252"],
    ["gb2312", "gb18030"],
    ["x-sjis", "shift_jis"],
  ])("%s is another name of %s", (label, encoding) => {
    expect(decode(xml(label, 0xe9, 0x93))).toMatchObject({ encoding });
  });

  const utf8 = (text: string) => [...Buffer.from(text)];
  test.each([
    ["a character that was cut", xml("utf-8", ...utf8("Żółć sch"), 0xc3), undefined, "Żółć sch\ufffd"],
    ["a pasted byte of Latin-1", xml("utf-8", ...utf8("„5 "), 0xa3, ...utf8("“")), undefined, "„5 \ufffd“"],
    ["an emoji as two surrogates", xml("utf-8", 0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80, ...utf8(" ó")), undefined, "😀 ó"],
    [
      "wrong bytes where only the server says UTF-8",
      xml("x", ...utf8("日本"), 0xe9),
      "text/xml; charset=UTF-8",
      "日本\ufffd",
    ],
    [
      "wrong bytes in UTF-8 that is called Latin-1",
      xml("iso-8859-1", ...utf8("ü".repeat(40)), 0xe9),
      undefined,
      `${"ü".repeat(40)}\ufffd`,
    ],
  ])("UTF-8 stays UTF-8 with %s", (_claim, bytes, contentType, expected) => {
    expect(decode(bytes, contentType)).toMatchObject({ encoding: "utf-8" });
    expect(within(decode(bytes, contentType).text)).toBe(expected);
  });

  test.each([
    ["windows-1252 that is called UTF-8", xml("utf-8", 0x93, 0xe9, 0x94), "“é”"],
    ["one pound sign in ASCII", xml("utf-8", 0xa3, 0x35), "£5"],
    ["Latin-1 with what looks like a character of UTF-8", xml("iso-8859-1", 0xc3, 0xa9, 0xe9), "Ã©é"],
  ])("%s is not UTF-8", (_claim, bytes, expected) => {
    expect(within(decode(bytes).text)).toBe(expected);
  });

  test("marks win: UTF-16 with a BOM, and without one", () => {
    const text = '<?xml version="1.0"?><rss>é</rss>';
    const little = Buffer.from(text, "utf16le");
    expect(within(decode(Buffer.concat([Buffer.from([0xff, 0xfe]), little])).text)).toBe("é");
    expect(within(decode(little).text)).toBe("é");
    expect(within(decode(Buffer.from(little).swap16()).text)).toBe("é");
  });

  test("UTF-32 is refused", () => {
    expect(() => decode(Buffer.from([0xff, 0xfe, 0, 0, 0x3c, 0, 0, 0]))).toThrow(
      expect.objectContaining({ code: "encoding" }),
    );
  });

  test("every byte of windows-1252 means something", () => {
    const all = Buffer.from(Array.from({ length: 256 }, (_value, index) => index));
    expect(decode(Buffer.concat([all, Buffer.from([0xff])])).text).not.toContain("\ufffd");
  });
});
