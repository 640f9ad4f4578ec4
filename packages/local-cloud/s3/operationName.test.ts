import { describe, expect, test } from "@jest/globals";
import { knownParameters, type Level, operationName } from "./operationName.ts";

function nameOf(level: Level, method: string, query: string, isCopy = false): string {
  const parameters = knownParameters(level, method, [...new URLSearchParams(query)]);
  try {
    return operationName(level, method, parameters, isCopy) ?? "405";
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
    ["bucket", "PUT", "prefix=a", "405"],
    ["bucket", "PUT", "logging", "501"],
    ["bucket", "PUT", "requestPayment", "405"],
    ["bucket", "GET", "acl&location", "405"],
    ["object", "GET", "tagging", "GetObject"],
    ["object", "PUT", "tagging", "PutObjectTagging"],
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
    expect(nameOf("object", "PUT", "", true)).toBe("CopyObject");
    expect(nameOf("object", "PUT", "partNumber=1&uploadId=a", true)).toBe("UploadPartCopy");
  });
});
