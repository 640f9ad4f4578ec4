import { describe, expect, test } from "@jest/globals";
import { namedFileProblems } from "../index.ts";

const PNG = Buffer.from("89504e470d0a1a0a0000000d49484452000000300000003008020000000000000000", "hex");
const INI = `[Planet]
link = http://p.example/
template_files =
  themes/x/index.html.tmpl
  sidebar.html.tmpl atom.xml.xslt
bill_of_materials = images/#{face} heads/logo.png
[http://a.example/]
name = Anna
face = anna.png
[http://b.example/]
face = Bért.PNG
[http://c.example/]
face = https://c.example/me.png
[http://d.example/]
face = drawing.psd
`;
const problemsOf = (files: Readonly<Record<string, string | Buffer>>, elsewhere?: ReadonlyMap<string, string>) =>
  namedFileProblems(
    Object.entries({ "planet.ini": INI, ...files }).map(([name, bytes]) => ({ name, bytes: Buffer.from(bytes) })),
    elsewhere,
  ).map(({ line, code, text }) => `${line} ${code}: ${text}`);

describe("what planet.ini names (proves that nothing is lost without a word; not that the pictures are good)", () => {
  test("each file that is not there is said once, with its line and what happens", () => {
    expect(problemsOf({})).toEqual([
      '9 face-missing: "images/anna.png" is not there: the page shows a letter',
      expect.stringMatching(
        /^11 file-name: "images\/Bért.PNG" must be .* in at most one folder; rename the file to "images\/b-rt.png"/,
      ),
      '13 face: "https://c.example/me.png" is elsewhere and is not shown',
      expect.stringMatching(/^15 file-name: "images\/drawing.psd" must end in .*; leave it out or use another file$/),
      '4 template-missing: "index.html.tmpl" is not there: the built-in index.html is used',
      '5 template-missing: "sidebar.html.tmpl" is not there: there will be no sidebar.html',
      '6 other-missing: "heads/logo.png" is not there: the page goes without it',
    ]);
  });

  test("a file that is there is no problem; one that is not a picture is", () => {
    const files = { "images/anna.png": PNG, "index.html.tmpl": "x", "sidebar.html.tmpl": "y", "heads/logo.png": PNG };
    expect(problemsOf(files).map((text) => text.slice(0, 10))).toEqual(["11 file-na", '13 face: "', "15 file-na"]);
    expect(problemsOf({ ...files, "images/anna.png": "GIF" })[0]).toContain('9 face: "anna.png" is not a PNG');
  });

  test("a file that lies elsewhere is said with both places", () => {
    const elsewhere = new Map([
      ["images/anna.png", "theme/heads/anna.png"],
      ["index.html.tmpl", "themes/x/index.html.tmpl"],
    ]);
    expect(problemsOf({ "images/anna.png": PNG, "index.html.tmpl": "x" }, elsewhere)).toEqual(
      expect.arrayContaining([
        '9 file-place: "images/anna.png" lies at "theme/heads/anna.png"; copy it to site/images/anna.png',
        '4 file-place: "index.html.tmpl" lies at "themes/x/index.html.tmpl"; copy it to site/index.html.tmpl',
      ]),
    );
  });

  test("a planet.ini that cannot be read names nothing", () => expect(problemsOf({ "planet.ini": "x" })).toEqual([]));
});
