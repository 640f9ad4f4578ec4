import { describe, expect, test } from "@jest/globals";
import { IncompleteAnswer } from "../http/foreignAnswer.ts";
import { cannedWord, parseAcl } from "./acl.ts";

const grant = (grantee: string, permission: string) =>
  `<Grant>${grantee}<Permission>${permission}</Permission></Grant>`;
const owner = grant(
  '<Grantee xsi:type="CanonicalUser"><ID>me</ID><DisplayName>me</DisplayName></Grantee>',
  "FULL_CONTROL",
);
const everyone = (permission: string) =>
  grant('<Grantee xsi:type="Group"><URI>http://acs.amazonaws.com/groups/global/AllUsers</URI></Grantee>', permission);
const policy = (grants: string) =>
  `<AccessControlPolicy xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Owner><ID>me</ID><DisplayName>me</DisplayName></Owner><AccessControlList>${grants}</AccessControlList></AccessControlPolicy>`;

const answerOf = (body: string) => ({ status: 200, headers: {}, body: Buffer.from(body) });

describe("an ACL in one word", () => {
  test.each([
    { name: "the owner alone", grants: owner, word: "private" },
    { name: "everybody reads", grants: owner + everyone("READ"), word: "public-read" },
    {
      name: "everybody reads and writes",
      grants: everyone("WRITE") + owner + everyone("READ"),
      word: "public-read-write",
    },
    { name: "grants that no word gives", grants: owner + everyone("READ_ACP"), word: undefined },
  ])("$name", ({ grants, word }) => {
    expect(cannedWord(parseAcl(answerOf(policy(grants))))).toBe(word);
  });

  test.each([
    { name: "no grants at all: not even the owner's", body: policy("") },
    {
      name: "no owner",
      body: `<AccessControlPolicy><AccessControlList>${owner}</AccessControlList></AccessControlPolicy>`,
    },
    { name: "half of it", body: policy(owner).slice(0, -9) },
    { name: "another document", body: "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>" },
    { name: "nothing", body: "" },
  ])("is refused: $name", ({ body }) => {
    expect(() => parseAcl(answerOf(body))).toThrow(IncompleteAnswer);
  });
});
