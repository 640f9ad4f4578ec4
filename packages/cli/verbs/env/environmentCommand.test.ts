import { describe, expect, test } from "@jest/globals";
import { changedLines, exportPath } from "./environmentCommand.ts";

describe("PATH as planet env prints it", () => {
  test("has ours in front of the shell's, and nothing that npm put there for this command", () => {
    const npm = "/c/node_modules/.bin:/npm/node-gyp-bin:/usr/bin";
    expect(exportPath(["/c/node", "/it's/bin"], npm)).toBe(`export PATH='/c/node:/it'\\''s/bin':"$PATH"\n`);
  });

  test("is left alone where ours are there already", () => {
    expect(exportPath(["/c/node", "/c/bin"], "/c/node:/c/bin:/usr/bin")).toBe("");
  });
});

describe("variables as planet env prints them", () => {
  test("the token of a session does not stay beside the local cloud's keys", () => {
    const shell = { AWS_ACCESS_KEY_ID: "real", AWS_SECRET_ACCESS_KEY: "it's", AWS_SESSION_TOKEN: "token", HOME: "/h" };
    const local = { AWS_ACCESS_KEY_ID: "local", AWS_SECRET_ACCESS_KEY: "it's", HOME: "/other" };
    expect(changedLines(local, shell)).toBe("export AWS_ACCESS_KEY_ID='local'\nunset AWS_SESSION_TOKEN\n");
  });

  test("another stack's session is passed on as it is", () => {
    const session = { AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b", AWS_SESSION_TOKEN: "c" };
    expect(changedLines(session, session)).toBe("");
    expect(changedLines(session, {})).toContain("export AWS_SESSION_TOKEN='c'\n");
  });
});
