import { type Acl, CANNED_ACLS, type CannedAcl, cannedWord } from "@planet/eucalyptus-client";
import type { Value } from "@planet/pulumi-plugin";

/** Stands in the state for grants that no canned word gives, so that the next `up` sets the wanted word again. */
const CUSTOM_ACL = "custom";

export function problemWithAcl(value: Value): string | undefined {
  const words: readonly string[] = CANNED_ACLS;
  return words.includes(String(value)) ? undefined : `"${String(value)}" is not one of ${words.join(", ")}`;
}

/** A word that a rule has accepted. */
export function cannedAcl(value: Value | undefined): CannedAcl | undefined {
  return CANNED_ACLS.find((word) => word === value);
}

/**
 * The live ACL in a word. The four words that mean "the owner alone", or that only another account could distinguish, are
 * seen as what the user wrote, as long as nobody else is let in.
 */
export function liveWord(live: Acl, written: Value | undefined): string {
  const word = cannedWord(live);
  if (word === undefined) return TELL_APART.includes(String(written)) ? String(written) : CUSTOM_ACL;
  return word === "private" && TELL_APART.includes(String(written)) ? String(written) : word;
}

const TELL_APART = ["bucket-owner-read", "bucket-owner-full-control", "aws-exec-read", "ec2-bundle-read"];
