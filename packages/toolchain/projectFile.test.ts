import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type ProjectFile, readProjectFile } from "./projectFile.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "planet-project-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

test.each<[string, ProjectFile]>([
  ["name: planet\n", { name: "planet" }],
  ["# a project\nruntime: nodejs\nname:   'my.planet-2' # ours", { name: "my.planet-2" }],
  ['{"name": "planet", "backend": {"url": "s3://state"}}', { name: "planet", backend: "s3://state" }],
  ["---\r\nname: planet\r\nbackend:\r\n  url: s3://state\r\n...\r\n", { name: "planet", backend: "s3://state" }],
  ["name: 2026\n", { name: "2026" }],
  ["name: &n planet\nbackend: {url: *n}\n", { name: "planet", backend: "planet" }],
  ["\ufeffname: planet\n", { name: "planet" }],
  ["description: |\n  name: other\nname: planet\n", { name: "planet" }],
  ["name: planet\n---\nname: other\n", { name: "planet" }],
  ["name: ../planet\n", {}],
  ["name: [planet]\nbackend: s3://state\n", {}],
  ["name: planet\nbackend: {url: }\n", { name: "planet" }],
  ["name: planet\nruntime: 'nodejs\n", { name: "planet" }],
  ["name: *nobody\n", {}],
  ["- name: planet\n", {}],
  ["", {}],
])("%j", (text, expected) => {
  const file = path.join(folder, "Pulumi.yaml");
  writeFileSync(file, text);
  expect(readProjectFile(file)).toEqual(expected);
});

test("a file that is missing says nothing", () => {
  expect(readProjectFile(path.join(folder, "none"))).toEqual({});
});
