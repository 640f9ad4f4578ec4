import { createHash } from "node:crypto";
import { headerOf, type RequestHead } from "../wire/target.ts";
import type { XmlNode } from "../wire/xml.ts";
import { ACCOUNT_ID } from "../world/world.ts";
import {
  accessDenied,
  internalError,
  invalidArgument,
  invalidGrantee,
  malformedAcl,
  S3Error,
  unresolvableGrant,
} from "./errors.ts";
import type { Caller } from "./operation.ts";
import type { Grant, Permission } from "./types.ts";
import { elementsAnywhere, parsedXml, textAnywhere, textAt } from "./xmlBody.ts";

/** The canonical id of our one account. */
export const OWNER = { ID: createHash("sha256").update(ACCOUNT_ID).digest("hex"), DisplayName: "planet" };

const ALL_USERS = "http://acs.amazonaws.com/groups/global/AllUsers";
const AUTHENTICATED_USERS = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers";
const LOG_DELIVERY = "http://acs.amazonaws.com/groups/s3/LogDelivery";
const ZA_TEAM = "http://acs.amazonaws.com/groups/s3/zateam";
const EC2_BUNDLE = "http://acs.amazonaws.com/groups/s3/ec2-bundle";
const GROUPS = [ALL_USERS, AUTHENTICATED_USERS, LOG_DELIVERY, ZA_TEAM, EC2_BUNDLE];

/** A grant as a request has it: nobody was looked up, and the permission may be any word. */
interface WantedGrant {
  readonly kind: "id" | "uri" | "emailAddress";
  readonly grantee: string;
  readonly permission: string;
}

const toGroup = (grantee: string, permission: Permission): WantedGrant => ({ kind: "uri", grantee, permission });
const TO_OWNER: WantedGrant = { kind: "id", grantee: OWNER.ID, permission: "FULL_CONTROL" };

/** Grants beside the owner's. Source: Corymbia/eucalyptus `AclUtils.java`; observed on Eucalyptus 5.1.0, 2026-11-28. */
const CANNED: ReadonlyMap<string, readonly WantedGrant[]> = new Map([
  ["private", []],
  ["public-read", [toGroup(ALL_USERS, "READ")]],
  ["public-read-write", [toGroup(ALL_USERS, "READ"), toGroup(ALL_USERS, "WRITE")]],
  ["authenticated-read", [toGroup(AUTHENTICATED_USERS, "READ")]],
  ["bucket-owner-read", []],
  ["bucket-owner-full-control", []],
  ["log-delivery-write", [toGroup(LOG_DELIVERY, "WRITE"), toGroup(LOG_DELIVERY, "READ_ACP")]],
  ["aws-exec-read", [toGroup(ZA_TEAM, "READ")]],
  ["ec2-bundle-read", [toGroup(EC2_BUNDLE, "READ")]],
]);

const GRANT_HEADERS: Readonly<Record<string, Permission>> = {
  "x-amz-grant-read": "READ",
  "x-amz-grant-write": "WRITE",
  "x-amz-grant-read-acp": "READ_ACP",
  "x-amz-grant-write-acp": "WRITE_ACP",
  "x-amz-grant-full-control": "FULL_CONTROL",
};

const GRANTEES = /^(\s*(emailAddress|id|uri)=['"]?[^,'"]+['"]?\s*)(,\s*(emailAddress|id|uri)=['"]?[^,'"]+['"]?\s*)*$/;

/** Of the canned word and of the single grants, which add up. @throws {S3Error} on a form that the cloud does not know. */
export function grantsInHeaders(head: RequestHead): readonly WantedGrant[] {
  const canned = headerOf(head, "x-amz-acl") ?? "";
  const granted = canned === "" ? [] : CANNED.get(canned);
  if (!granted) throw invalidArgument(canned);
  const single = Object.entries(GRANT_HEADERS).flatMap(([name, permission]) => {
    const text = headerOf(head, name) ?? "";
    if (text.trim() === "") return [];
    if (!GRANTEES.test(text)) throw invalidArgument("");
    return text.split(",").map((one) => granteeIn(one, permission));
  });
  return canned === "" ? single : [TO_OWNER, ...granted, ...single];
}

function granteeIn(text: string, permission: string): WantedGrant {
  const [kind = "", ...rest] = text.trim().split("=");
  const grantee = rest.join("=").replace(/^[\s'"]+|[\s'"]+$/g, "");
  return { kind: kind as WantedGrant["kind"], grantee, permission };
}

/** The document's owner must be ours when there is a document. @throws {S3Error} `MalformedACLError` */
export function grantsInXml(body: Buffer, resource: string): readonly WantedGrant[] {
  if (body.length === 0) return [];
  const document = parsedXml(body);
  if (!document) throw malformedAcl("//AccessControlList/Grant/Permission");
  const grants = elementsAnywhere(document, "AccessControlList", "Grant").map((node): WantedGrant => {
    const permission = textAt(node, "Permission");
    const [id, email] = [textAt(node, "Grantee", "ID"), textAt(node, "Grantee", "EmailAddress")];
    const uri = textAt(node, "Grantee", "URI");
    if (id !== "") return { kind: "id", grantee: id, permission };
    if (email !== "") return { kind: "emailAddress", grantee: email, permission };
    if (uri === "") throw malformedAcl("Group-URI");
    return { kind: "uri", grantee: uri, permission };
  });
  if (textAnywhere(document, "Owner", "ID") !== OWNER.ID) throw malformedAcl(resource);
  return grants;
}

/** Each grantee once, with all that it is granted. @throws {S3Error} on one that nobody is; {RangeError} on another word */
export function grantsOf(wanted: readonly WantedGrant[]): readonly Grant[] {
  const permissions = new Map<string, Set<Permission>>();
  for (const one of wanted) {
    const grantee = knownGrantee(one);
    const permission = one.permission.toUpperCase();
    if (!isPermission(permission)) throw new RangeError(`no permission: ${permission}`);
    permissions.set(grantee, new Set([...(permissions.get(grantee) ?? []), permission]));
  }
  return [...permissions].flatMap(([grantee, given]) => {
    const isFull = given.has("FULL_CONTROL") || SINGLE.every((one) => given.has(one));
    const shown = isFull ? (["FULL_CONTROL"] as const) : SINGLE.filter((one) => given.has(one));
    const kind = GROUPS.includes(grantee) ? "Group" : "CanonicalUser";
    return shown.map((permission): Grant => ({ grantee, kind, permission }));
  });
}

/** Those of something new: private without a wish. `resource`: what the failure is about. */
export function grantsOfNew(wanted: readonly WantedGrant[], resource: string): readonly Grant[] {
  try {
    return grantsOf(wanted.length > 0 ? wanted : [TO_OWNER]);
  } catch (error) {
    if (error instanceof S3Error || error instanceof RangeError) throw internalError(resource);
    throw error;
  }
}

/** An account is found by its canonical id and by its number. */
function knownGrantee({ kind, grantee }: WantedGrant): string {
  if (kind === "id" && [OWNER.ID, ACCOUNT_ID].includes(grantee)) return OWNER.ID;
  if (kind === "uri" && GROUPS.includes(grantee)) return grantee;
  if (kind === "emailAddress") throw unresolvableGrant();
  if (kind === "id") throw invalidGrantee();
  throw new RangeError(`no group: ${grantee}`);
}

const SINGLE = ["READ", "WRITE", "READ_ACP", "WRITE_ACP"] as const;

function isPermission(text: string): text is Permission {
  return text === "FULL_CONTROL" || SINGLE.some((one) => one === text);
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

/** The owning account may always; nobody exactly what a grant to all users says. @throws {S3Error} `AccessDenied`, or the given one */
export function checkAccess(
  caller: Caller,
  grants: readonly Grant[],
  permission: Permission,
  refusal: S3Error = accessDenied(),
): void {
  if (caller === "account") return;
  const allowed = grants.some(
    (grant) => grant.grantee === ALL_USERS && [permission, "FULL_CONTROL"].includes(grant.permission),
  );
  if (!allowed) throw refusal;
}
