import { checkAccess, grantsInHeaders, grantsOfNew } from "../s3/acl.ts";
import type { Grant } from "../s3/types.ts";

const CANNED = ["private", "public-read", "public-read-write", "authenticated-read"];

/** The canned ACL that says the same; `own rules` where none does. */
export function aclName(grants: readonly Grant[]): string {
  return CANNED.find((canned) => sameGrants(grants, cannedGrants(canned))) ?? "own rules";
}

/** The status that a reader without a signature gets. */
export function anonymousGets(grants: readonly Grant[]): 200 | 403 {
  try {
    checkAccess("nobody", grants, "READ");
    return 200;
  } catch {
    return 403;
  }
}

function cannedGrants(canned: string): readonly Grant[] {
  const request = { method: "PUT", target: "/", path: "/", query: [], headers: [["x-amz-acl", canned]] } as const;
  return grantsOfNew(grantsInHeaders(request), "");
}

function sameGrants(one: readonly Grant[], other: readonly Grant[]): boolean {
  const texts = (grants: readonly Grant[]) =>
    grants.map(({ grantee, permission }) => `${permission} ${grantee}`).toSorted();
  return texts(one).join() === texts(other).join();
}
