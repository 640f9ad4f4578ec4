import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "@jest/globals";

// Client and local cloud have the cloud's own codes: an EC2 code stands for the same there in many places.

const CHECKOUT = fileURLToPath(new URL("..", import.meta.url));
const WITH_CODES_OF_THE_CLOUD = /^packages\/(eucalyptus-client|local-cloud)\//;
const isTestCode = (file: string): boolean => /\.test\.ts$|\/(testing|testdata)\//.test(file);

const files = globSync("{index.ts,{components,settings,userdata,packages}/**/*.ts}", {
  cwd: CHECKOUT,
  exclude: (path) => path.endsWith("node_modules"),
}).filter((file) => !isTestCode(file) && !WITH_CODES_OF_THE_CLOUD.test(file));
const codes = files.flatMap((file) =>
  [...readFileSync(join(CHECKOUT, file), "utf8").matchAll(/\bcode(?: =|:) "([^"]*)"/g)].map(([, code = ""]) => code),
);
/** The others, `no-feed-url`, are codes of problems in an editor's file. */
const ofErrors = codes.filter((code) => /[A-Z]/.test(code));

test("each code of an error stands for one situation, in the whole repository", () => {
  expect(ofErrors).not.toEqual([]);
  expect(ofErrors.filter((code, index) => ofErrors.indexOf(code) < index)).toEqual([]);
});

test("an error's code is words in capitals, a problem's is words in small letters", () => {
  expect(codes.filter((code) => !/^([A-Z]+(_[A-Z]+)*|[a-z0-9]+(-[a-z0-9]+)*)$/.test(code))).toEqual([]);
});
