import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { EC2_CALLS, S3_CALLS } from "./calls.ts";

const PAGE = readFileSync(new URL("../../docs/eucalyptus.md", import.meta.url), "utf8");

/** The provider offers it (`disableApiTermination`, groups of a running server), and the stack never uses it. */
const NOT_OF_THE_STACK = ["ec2:ModifyInstanceAttribute"];

test("docs/eucalyptus.md names what a policy has to allow, for every call", () => {
  const ec2 = Object.keys(EC2_CALLS).map((action) => `ec2:${action}`);
  const s3 = Object.values(S3_CALLS).map(({ permission }) => permission);
  const missing = [...new Set([...ec2, ...s3])].filter(
    (permission) => !new RegExp(`["\`]${permission}["\`]`).test(PAGE),
  );
  expect(missing).toEqual(NOT_OF_THE_STACK);
});

test("the policy there is one", () => {
  const [, json = ""] = /```json\n([\s\S]*?)```/.exec(PAGE) ?? [];
  expect(JSON.parse(json)).toMatchObject({
    Statement: [{ Effect: "Allow", Resource: "*", Action: expect.any(Array) }],
  });
});
