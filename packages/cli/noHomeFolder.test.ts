import { mkdirSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { noHomeFolder } from "./noHomeFolder.ts";

/** What Node throws for a folder below a file. */
function thrownBy(folder: string): unknown {
  try {
    return mkdirSync(folder, { recursive: true });
  } catch (error) {
    return error;
  }
}

test("a user without a home folder is told what to set; any other failure is not taken for that", () => {
  const error = thrownBy("/dev/null/.cache/planet");
  const answer = { code: "NO_HOME_FOLDER", next: expect.stringContaining("XDG_CACHE_HOME") };
  expect(noHomeFolder(error, {}, "/dev/null")).toMatchObject(answer);
  expect(noHomeFolder(error, { XDG_CACHE_HOME: "/dev/null/.cache" }, "/home/anna")).toMatchObject(answer);
  expect(noHomeFolder(error, { XDG_CACHE_HOME: "" }, "/home/anna")).toBeUndefined();
  expect(noHomeFolder(new Error("no"), {}, "/dev/null")).toBeUndefined();
  expect(noHomeFolder(undefined, {}, "/dev/null")).toBeUndefined();
});
