import { homedir } from "node:os";
import { expect, test } from "@jest/globals";
import { stateFolder } from "./stateFolder.ts";

test.each([
  ["file:///srv/state", "/srv/state"],
  ["file:///srv/my%20state?no_tmp_dir=true&metadata=skip", "/srv/my state"],
  ["file://~", homedir()],
  ["file://~/state", `${homedir()}/state`],
  ["file://./state", "/planet/state"],
  ["file://../state", "/state"],
  ["file://state", "/planet/state"],
  ["file://", "/planet"],
  ["file:///srv/100%", undefined],
  ["s3://bucket", undefined],
  ["https://api.pulumi.com", undefined],
  ["", undefined],
])("%s, run in /planet, is kept in %s", (url, folder) => {
  expect(stateFolder(url, "/planet")).toBe(folder);
});
