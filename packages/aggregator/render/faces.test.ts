import { describe, expect, test } from "@jest/globals";
import { configOf } from "../build/testing/sampleSite.ts";
import { faceOf, imageSize } from "./faces.ts";

const header = (width: number, height: number) => {
  const bytes = Buffer.alloc(64);
  bytes.write("\x89PNG\r\n\x1a\n", 0, "latin1");
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  return bytes;
};
const face = (keys: string, files: Record<string, Uint8Array>) => {
  const [feed] = configOf(`[Planet]\nname = x\n[http://a.test/]\nname = A\n${keys}\n`).feeds;
  if (feed === undefined) throw new Error("no feed");
  return faceOf(feed, new Map(Object.entries(files)));
};

describe("faces", () => {
  test("a published picture is shown, scaled or as planet.ini says", () => {
    expect(face("face = a.png", { "images/a.png": header(96, 48) })).toEqual({
      file: "images/a.png",
      width: 48,
      height: 24,
    });
    expect(face("face = a.png\nfacewidth = 60\nfaceheight = 70", { "a.png": header(9, 9) })).toEqual({
      file: "a.png",
      width: 60,
      height: 70,
    });
  });

  test.each([
    ["a missing one", "face = a.png", {}, "not among the published files"],
    ["one elsewhere", "face = https://a.test/a.png", {}, "elsewhere"],
    ["one that is not an image", "face = a.png", { "a.png": Buffer.alloc(64, 60) }, "not a PNG"],
    ["one too large", "face = a.png", { "a.png": header(4000, 10) }, "larger than"],
  ])("%s is not shown, and a warning says why", (_claim, keys, files, words) => {
    expect(face(keys, files as Record<string, Uint8Array>)).toEqual(expect.stringContaining(words));
  });

  test("an empty file is not an image", () => expect(imageSize(new Uint8Array(3))).toBeUndefined());
});
