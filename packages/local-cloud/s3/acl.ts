import { createHash } from "node:crypto";
import { headerOf, type RequestHead } from "../wire/target.ts";
import type { XmlNode } from "../wire/xml.ts";
import { ACCOUNT_ID } from "../world/world.ts";
import { accessDenied, invalidArgument, malformedAcl, unresolvableGrant } from "./errors.ts";
import type { Caller } from "./operation.ts";
import type { Grant, Permission } from "./types.ts";
import { nodesAt, type ParsedNode, parseXml, textAt } from "./xmlBody.ts";

/** The canonical id of our one account. */
export const OWNER = { ID: createHash("sha256").update(ACCOUNT_ID).digest("hex"), DisplayName: "planet" };

const ALL_USERS = "http://acs.amazonaws.com/groups/global/AllUsers";
const AUTHENTICATED_USERS = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers";
const LOG_DELIVERY = "http://acs.amazonaws.com/groups/s3/LogDelivery";
const GROUPS = [ALL_USERS, AUTHENTICATED_USERS, LOG_DELIVERY];

const group = (grantee: string, permission: Permission): Grant => ({ grantee, kind: "Group", permission });
const OWNER_GRANT: Grant = { grantee: OWNER.ID, kind: "CanonicalUser", permission: "FULL_CONTROL" };

/** Grants beside the owner's. Source: Corymbia/eucalyptus `AclUtils.java`; observed on Eucalyptus 5.1.0, 2026-11-28. */
const CANNED: ReadonlyMap<string, readonly Grant[]> = new Map([
  ["private", []],
  ["public-read", [group(ALL_USERS, "READ")]],
  ["public-read-write", [group(ALL_USERS, "READ"), group(ALL_USERS, "WRITE")]],
  ["authenticated-read", [group(AUTHENTICATED_USERS, "READ")]],
  ["bucket-owner-read", []],
  ["bucket-owner-full-control", []],
  ["log-delivery-write", [group(LOG_DELIVERY, "WRITE"), group(LOG_DELIVERY, "READ_ACP")]],
  ["aws-exec-read", [group("http://acs.amazonaws.com/groups/s3/zateam", "READ")]],
  ["ec2-bundle-read", [group("http://acs.amazonaws.com/groups/s3/ec2-bundle", "READ")]],
]);

const GRANT_HEADERS: Readonly<Record<string, Permission>> = {
  "x-amz-grant-read": "READ",
  "x-amz-grant-write": "WRITE",
  "x-amz-grant-read-acp": "READ_ACP",
  "x-amz-grant-write-acp": "WRITE_ACP",
  "x-amz-grant-full-control": "FULL_CONTROL",
};

/** `undefined` when the headers say nothing. @throws {S3Error} on a word or grantee that the cloud does not know. */
export function grantsFromHeaders(head: RequestHead): readonly Grant[] | undefined {
  const canned = headerOf(head, "x-amz-acl");
  if (canned !== undefined) {
    const grants = CANNED.get(canned);
    if (!grants) throw invalidArgument(canned);
    return [OWNER_GRANT, ...grants];
  }
  const grants = Object.entries(GRANT_HEADERS).flatMap(([name, permission]) => {
    const text = headerOf(head, name);
    return text === undefined ? [] : text.split(",").map((one) => grantOf(one, permission));
  });
  return grants.length > 0 ? grants : undefined;
}

export function privateGrants(): readonly Grant[] {
  return [OWNER_GRANT];
}

function grantOf(text: string, permission: Permission): Grant {
  const [, kind, value = ""] = /^\s*(id|uri|emailAddress)\s*=\s*"?([^"]*)"?\s*$/.exec(text) ?? [];
  if (kind === "emailAddress") throw unresolvableGrant();
  if (kind === "id" && value === OWNER.ID) return { grantee: value, kind: "CanonicalUser", permission };
  if (kind === "uri" && GROUPS.includes(value)) return group(value, permission);
  throw invalidArgument(text.trim());
}

/** @throws {S3Error} `MalformedACLError` */
export function grantsFromXml(body: Buffer): readonly Grant[] {
  const policy = parseXml(body, "AccessControlPolicy", malformedAcl);
  return nodesAt(policy, "AccessControlList", "Grant").map(xmlGrant);
}

function xmlGrant(node: ParsedNode): Grant {
  const permission = textAt(node, "Permission") ?? "";
  if (!isPermission(permission)) throw malformedAcl();
  if (textAt(node, "Grantee", "EmailAddress") !== undefined) throw unresolvableGrant();
  const uri = textAt(node, "Grantee", "URI");
  if (uri !== undefined) return grantOf(`uri=${uri}`, permission);
  return grantOf(`id=${textAt(node, "Grantee", "ID") ?? ""}`, permission);
}

function isPermission(text: string): text is Permission {
  return ["READ", "WRITE", "READ_ACP", "WRITE_ACP", "FULL_CONTROL"].includes(text);
}

export function aclDocument(grants: readonly Grant[]): XmlNode {
  return {
    Owner: OWNER,
    AccessControlList: {
      Grant: grants.map(({ grantee, kind, permission }) => ({
        Grantee: {
          $attributes: { "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance", "xsi:type": kind },
          ...(kind === "Group" ? { URI: grantee } : OWNER),
        },
        Permission: permission,
      })),
    },
  };
}

/** The owning account may always; nobody exactly what a grant to all users says. @throws {S3Error} `AccessDenied` */
export function checkAccess(caller: Caller, grants: readonly Grant[], permission: Permission): void {
  if (caller === "account") return;
  const allowed = grants.some(
    (grant) => grant.grantee === ALL_USERS && [permission, "FULL_CONTROL"].includes(grant.permission),
  );
  if (!allowed) throw accessDenied();
}
