import { describe, expect, test } from "@jest/globals";
import { type Level, operationName, type RequestHeaders } from "./operationName.ts";

function nameOf(level: Level, method: string, query: string, headers: RequestHeaders = {}): string {
  try {
    return operationName(level, method, [...new URLSearchParams(query)], headers) ?? "405";
  } catch (error) {
    return String((error as { status: number }).status);
  }
}

describe("operationName (proves what a request means, the dangerous ones included)", () => {
  test.each([
    ["bucket", "GET", "list-type=2&prefix=a&encoding-type=url", "ListObjects"],
    ["bucket", "GET", "publicAccessBlock", "ListObjects"],
    ["bucket", "PUT", "publicAccessBlock", "CreateBucket"],
    ["bucket", "DELETE", "ownershipControls", "DeleteBucket"],
    ["bucket", "GET", "versions&key-marker=a", "ListObjectVersions"],
    ["bucket", "GET", "ACL", "GetBucketAcl"],
    ["bucket", "GET", "Max-Keys=3", "ListObjects"],
    ["bucket", "GET", "maxkeys=3", "500"],
    ["bucket", "GET", "key-marker=a", "500"],
    ["bucket", "GET", "versions&marker=a", "500"],
    ["bucket", "GET", "uploads&max-keys=3", "500"],
    ["bucket", "GET", "location=somewhere", "500"],
    ["bucket", "GET", "object_lock", "GetBucketObjectLock"],
    ["bucket", "GET", "object-lock", "ListObjects"],
    ["bucket", "HEAD", "max-keys", "HeadBucket"],
    ["bucket", "HEAD", "acl", "405"],
    ["bucket", "PUT", "prefix=a", "500"],
    ["bucket", "PUT", "logging", "PutBucketLogging"],
    ["bucket", "PUT", "metrics", "501"],
    ["bucket", "PUT", "requestPayment", "405"],
    ["bucket", "GET", "acl&location", "405"],
    ["object", "GET", "tagging", "GetObject"],
    ["object", "PUT", "tagging", "PutObjectConfiguration"],
    ["object", "PUT", "policy", "PutObjectConfiguration"],
    ["object", "PUT", "acl&versionId=null", "PutObjectAcl"],
    ["object", "GET", "max-parts=3", "500"],
    ["object", "GET", "acl&response-content-type=text/x", "500"],
    ["object", "DELETE", "uploadId=a&versionId=b", "405"],
    ["object", "PUT", "retention", "PutObject"],
    ["object", "PUT", "versionId=null", "PutObject"],
    ["object", "HEAD", "partNumber=1", "405"],
    ["object", "DELETE", "tagging", "DeleteObject"],
    ["object", "PUT", "x-id=PutObject&X-Amz-Date=1", "PutObject"],
    ["object", "GET", "response-content-type=text/plain&versionId=1", "GetObject"],
    ["object", "GET", "partNumber=1", "405"],
    ["object", "POST", "restore", "405"],
    ["object", "PUT", "uploadId=a&partNumber=1", "UploadPart"],
    ["service", "GET", "", "ListBuckets"],
    ["service", "PUT", "", "405"],
  ] as [Level, string, string, string][])("%s %s ?%s is %s", (level, method, query, name) => {
    expect(nameOf(level, method, query)).toBe(name);
  });

  test("a copy source makes a PUT a copy", () => {
    expect(nameOf("object", "PUT", "", { isCopy: true })).toBe("CopyObject");
    expect(nameOf("object", "PUT", "partNumber=1&uploadId=a", { isCopy: true })).toBe("UploadPartCopy");
    expect(nameOf("object", "PUT", "acl", { isCopy: true })).toBe("PutObjectAcl");
  });

  test("a condition or a range fits the content alone", () => {
    const isConditional = true;
    expect(nameOf("object", "GET", "versionId=null", { isConditional })).toBe("GetObject");
    expect(nameOf("object", "GET", "acl", { isConditional })).toBe("GetObjectAcl");
    expect(nameOf("object", "GET", "uploadId=a", { isConditional })).toBe("405");
    expect(nameOf("object", "GET", "torrent", { isConditional })).toBe("405");
  });
});
