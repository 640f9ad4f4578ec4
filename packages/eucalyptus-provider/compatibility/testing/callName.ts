/** The name of a call as Eucalyptus' documentation and its policies have it, from what is on the wire. */
export function callName(method: string, url: string, body: string): string {
  const { pathname, searchParams } = new URL(url, "http://cloud");
  const place = /^\/services\/objectstorage(\/.*)?$/.exec(pathname);
  if (!place) return new URLSearchParams(body).get("Action") ?? `${method} ${pathname}`;
  const [, bucket = "", key = ""] = /^\/([^/]*)\/?(.*)$/.exec(place[1] ?? "/") ?? [];
  if (bucket === "") return "ListBuckets";
  const isAcl = searchParams.has("acl");
  const names = key === "" ? BUCKET_CALLS : OBJECT_CALLS;
  return names[isAcl ? `${method} acl` : method] ?? `${method} ${key === "" ? "bucket" : "object"}`;
}

const BUCKET_CALLS: Readonly<Record<string, string>> = {
  GET: "ListObjects",
  HEAD: "HeadBucket",
  PUT: "CreateBucket",
  DELETE: "DeleteBucket",
  "GET acl": "GetBucketAcl",
  "PUT acl": "PutBucketAcl",
};

const OBJECT_CALLS: Readonly<Record<string, string>> = {
  GET: "GetObject",
  HEAD: "HeadObject",
  PUT: "PutObject",
  DELETE: "DeleteObject",
  "GET acl": "GetObjectAcl",
  "PUT acl": "PutObjectAcl",
};
