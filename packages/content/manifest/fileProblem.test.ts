import { describe, expect, test } from "@jest/globals";
import { editProblem, fileProblem, filesProblems } from "./fileProblem.ts";

const latin = (text: string) => Buffer.from(text, "latin1");
const PNG = "\x89PNG\r\n\x1a\n";
const RANDOM = "\x07\xc3\x9a\x00\x41\xfe";
const PAGE = "<html><body>Service unavailable</body></html>";

describe("fileProblem (the one judgement of deploy, server and command line)", () => {
  test.each([
    ["a.png", `${PNG}rest`],
    ["a.jpg", "\xff\xd8\xff\xe0JFIF"],
    ["images/JohnDoe.PNG", `${PNG}rest`],
    ["Photo.jpeg", "\xff\xd8\xff\xe0JFIF"],
    ["logo.svg", '<?xml version="1.0"?>\n<!-- drawn -->\n<svg xmlns="http://www.w3.org/2000/svg"/>'],
    ["logo.svg", "<svg/>"],
    ["text.woff2", "wOF2\0\x01\0\0"],
    ["a.gif", "GIF87a"],
    ["a.gif", "GIF89a"],
    ["a.webp", "RIFF\x10\0\0\0WEBPVP8 "],
    ["favicon.ico", "\0\0\x01\0\x01\0"],
    ["favicon.ico", `${PNG}rest`],
    ["planet.css", "a {}"],
    ["planet.css", ""],
    ["planet.css", "\xef\xbb\xbfa {}"],
    ["planet.css", "/* <html> */"],
    ["robots.txt", "User-agent: *"],
    ["index.html.liquid", `<!DOCTYPE html>${PAGE}`],
    ["index.html.tmpl", PAGE],
    ["list.xml", '<?xml version="1.0"?><opml/>'],
    ["planet.ini", "name = M\xfcller"],
  ])("%s may be %j", (name, text) => expect(fileProblem({ name, bytes: latin(text) })).toBeUndefined());

  test.each([
    ["a.png", RANDOM, "type", "is not image/png"],
    ["a.png", "", "type", "is not image/png"],
    ["a.jpg", PNG, "type", "is not image/jpeg"],
    ["a.gif", "GIF88a", "type", "is not image/gif"],
    ["a.webp", "RIFF\x10\0\0\0WAVEfmt ", "type", "is not image/webp"],
    ["favicon.ico", PAGE, "type", "is not image/x-icon"],
    ["planet.css", PAGE, "type", "is not text/css; it is an HTML page"],
    ["planet.css", ` \r\n<!doctype HTML>${PAGE}`, "type", "is not text/css; it is an HTML page"],
    ["planet.css", `\xef\xbb\xbf${PAGE}`, "type", "HTML page"],
    ["planet.css", "<?xml version='1.0'?><Error/>", "type", "begins like an XML document"],
    ["robots.txt", PAGE, "type", "is not text/plain"],
    ["list.xml", PAGE, "type", "is not application/xml"],
    ["planet.css", RANDOM, "type", "NUL"],
    ["index.html.liquid", "\xe9", "type", "not UTF-8"],
    ["planet.ini", "\0", "type", "NUL"],
    ["Müller.png", PNG, "name", "without accents"],
    ["My face.png", PNG, "name", "rename it"],
    ["Index.html.TMPL", PAGE, "name", "in lower case"],
    ["Manifest.JSON", "{}", "name", "the bucket itself"],
    ["logo.svg", PAGE, "type", "is not image/svg+xml; it is an HTML page"],
    ["logo.svg", "<?xml version='1.0'?><Error/>", "type", "no svg element"],
    ["text.woff2", "wOFF", "type", "is not font/woff2"],
    ["evil.js", "", "name", "must end in"],
    ["planet.css", "x".repeat(2_097_153), "too-large", "has 2097153 bytes"],
  ])("%s may not be %.20j", (name, text, code, reason) => {
    expect(fileProblem({ name, bytes: latin(text) })).toEqual({ code, reason: expect.stringContaining(reason) });
  });
});

test("an empty object in the bucket is a failed upload", () => {
  const bytes = new Uint8Array();
  expect(editProblem({ name: "planet.css", bytes })?.code).toBe("empty");
  expect(editProblem({ name: "evil.js", bytes })?.code).toBe("name");
  expect(editProblem({ name: "planet.css", bytes: latin("a {}") })).toBeUndefined();
});

test("files have limits together, and each is named once", () => {
  const large = Array.from({ length: 11 }, (_, index) => ({ name: `f${index}.css`, bytes: new Uint8Array(2_000_000) }));
  const names = filesProblems([...large, { name: "a.png", bytes: latin(PAGE) }]).map(({ name }) => name);
  expect(names).toEqual([...large.map(({ name }) => name), "a.png", "", "planet.ini"]);
});

test("two files that differ in upper and lower case alone are not published", () => {
  const files = ["planet.ini", "images/Jane.png", "images/jane.png"].map((name) => ({ name, bytes: latin(PNG) }));
  expect(filesProblems(files)).toContainEqual({
    ...{ name: "images/jane.png", reason: expect.stringContaining('differs from "images/Jane.png"') },
  });
});
