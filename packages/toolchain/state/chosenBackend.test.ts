import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { chosenBackend } from "./chosenBackend.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "planet-backend-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const put = (name: string, text: string) => writeFileSync(path.join(folder, name), text);
const chosen = (env: NodeJS.ProcessEnv = {}) => chosenBackend(folder, folder, env);
const LOGIN = JSON.stringify({ current: "file://~/login" });

test("nobody has chosen", () => {
  put("Pulumi.yaml", "name: planet\ndescription: has a backend\n");
  expect(chosen()).toBeUndefined();
});

test.each([
  "backend:\n  url: s3://state\n",
  'backend:\n\n  # of this project\n  url: "s3://state" # where\n',
  "backend: {url: s3://state}\n",
  "backend: { 'url': 's3://state' }\n",
])("the project chooses: %j", (yaml) => {
  put("Pulumi.yaml", `name: planet\n${yaml}runtime: nodejs\n`);
  put("credentials.json", LOGIN);
  expect(chosen()).toEqual({ url: "s3://state", by: "Pulumi.yaml" });
});

test("another key's url is not the backend's", () => {
  put("Pulumi.yaml", "name: planet\nbackend:\nother:\n  url: s3://no\n");
  expect(chosen()).toBeUndefined();
});

test("a login chooses where the project does not", () => {
  put("credentials.json", LOGIN);
  expect(chosen()).toEqual({ url: "file://~/login", by: "pulumi login" });
  expect(chosen({ PULUMI_CREDENTIALS_PATH: path.join(folder, "none") })).toBeUndefined();
});

test("the shell wins", () => {
  put("Pulumi.yaml", "backend:\n  url: s3://state\n");
  put("credentials.json", LOGIN);
  expect(chosen({ PULUMI_BACKEND_URL: "file:///x" })).toEqual({ url: "file:///x", by: "PULUMI_BACKEND_URL" });
});

test("what is relative in the project is relative to it", () => {
  put("Pulumi.yaml", "backend:\n  url: file://./state?metadata=skip\n");
  expect(chosen()?.url).toBe(`file://${folder}/state?metadata=skip`);
});

test.each(["", "{", '{"current": ""}', "[]"])("credentials that say nothing: %j", (json) => {
  put("credentials.json", json);
  expect(chosen()).toBeUndefined();
});
