import type { HttpAnswer } from "../http/exchange.ts";
import { IncompleteAnswer, needed } from "../http/foreignAnswer.ts";
import { storageXml } from "./storageXml.ts";

/** The canned words that Eucalyptus takes; another one is 400 `InvalidArgument`. */
export const CANNED_ACLS = [
  "private",
  "public-read",
  "public-read-write",
  "authenticated-read",
  "bucket-owner-read",
  "bucket-owner-full-control",
  "log-delivery-write",
  "aws-exec-read",
  "ec2-bundle-read",
] as const;

export type CannedAcl = (typeof CANNED_ACLS)[number];

interface Grant {
  /** Canonical id of an account, or the URI of a group. */
  readonly grantee: string;
  readonly permission: string;
}

export interface Acl {
  readonly ownerId: string;
  readonly grants: readonly Grant[];
}

const GROUPS = "http://acs.amazonaws.com/groups/";
const ALL_USERS = `${GROUPS}global/AllUsers`;
const AUTHENTICATED_USERS = `${GROUPS}global/AuthenticatedUsers`;
const LOG_DELIVERY = `${GROUPS}s3/LogDelivery`;

/** What each word grants besides the owner's FULL_CONTROL; the others cannot be distinguished without the bucket's owner. */
const GRANTED: readonly (readonly [CannedAcl, readonly string[]])[] = [
  ["private", []],
  ["public-read", [`${ALL_USERS} READ`]],
  ["public-read-write", [`${ALL_USERS} READ`, `${ALL_USERS} WRITE`]],
  ["authenticated-read", [`${AUTHENTICATED_USERS} READ`]],
  ["log-delivery-write", [`${LOG_DELIVERY} READ_ACP`, `${LOG_DELIVERY} WRITE`]],
];

/** The canned word that gives these grants, or undefined when no word does. */
export function cannedWord({ ownerId, grants }: Acl): CannedAcl | undefined {
  const others = grants
    .filter(({ grantee, permission }) => !(grantee === ownerId && permission === "FULL_CONTROL"))
    .map(({ grantee, permission }) => `${grantee} ${permission}`);
  const found = [...new Set(others)].toSorted().join("\n");
  return GRANTED.find(([, granted]) => granted.toSorted().join("\n") === found)?.[0];
}

const WRITING = ["WRITE", "WRITE_ACP", "FULL_CONTROL"];

/**
 * What strangers may do with a bucket: everybody, or each account of the cloud, which is what Eucalyptus calls authenticated.
 * Who may change the ACL may write. `read` of a bucket is to list it.
 */
export function openTo({ grants }: Acl): "write" | "read" | "nobody" {
  const strangers = grants.filter(({ grantee }) => grantee === ALL_USERS || grantee === AUTHENTICATED_USERS);
  if (strangers.some(({ permission }) => WRITING.includes(permission))) return "write";
  return strangers.some(({ permission }) => permission === "READ") ? "read" : "nobody";
}

interface Policy {
  readonly Owner?: { readonly ID?: string };
  readonly AccessControlList?:
    | { readonly Grant?: readonly { Grantee?: { ID?: string; URI?: string }; Permission?: string }[] }
    | "";
}

/** An ACL here has an owner and at least the owner's grant; without them it would read as "private". */
export function parseAcl(answer: HttpAnswer): Acl {
  const { Owner, AccessControlList: list } = storageXml<Policy>(answer, "AccessControlPolicy");
  const grants = typeof list === "object" ? (list.Grant ?? []) : [];
  if (grants.length === 0) throw new IncompleteAnswer("it has no Grant");
  return {
    ownerId: needed(Owner?.ID, "Owner"),
    grants: grants.map(({ Grantee, Permission }) => ({
      grantee: needed(Grantee?.URI ?? Grantee?.ID, "Grantee"),
      permission: needed(Permission, "Permission"),
    })),
  };
}
