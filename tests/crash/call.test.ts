import { describe, expect, test } from "@jest/globals";
import { nameCall } from "./call.ts";

const HASH = "0123456789abcdef".repeat(4);

describe("a call is named by what it asks", () => {
  test.each([
    ["POST", "/services/compute/", "Action=AssociateAddress&PublicIp=1.2.3.4", "AssociateAddress", false, "ec2"],
    ["POST", "/services/compute/", "Version=1&Action=DescribeAddresses", "DescribeAddresses", true, "ec2"],
    ["POST", "/services/compute/", "Action=GetConsoleOutput", "GetConsoleOutput", true, "ec2"],
    ["POST", "/services/Tokens/", "Action=GetCallerIdentity", "GetCallerIdentity", true, "sts"],
    ["GET", "/services/objectstorage/", "", "GET all buckets", true, "s3"],
    ["HEAD", "/services/objectstorage/planet", "", "HEAD planet", true, "s3"],
    ["PUT", "/services/objectstorage/planet?acl=", "", "PUT planet?acl", false, "s3"],
    ["GET", "/services/objectstorage/planet?prefix=acl", "", "GET planet", true, "s3"],
    ["PUT", "/services/objectstorage/planet/images/a%20b.png", "", "PUT planet/images/a b.png", false, "s3"],
    ["PUT", `/services/objectstorage/planet/objects/${HASH}`, "", "PUT planet/objects/*", false, "s3"],
    ["DELETE", "/services/objectstorage/planet/manifest.json", "", "DELETE planet/manifest.json", false, "s3"],
  ])("%s %s %s is %s", (method, url, body, name, isRead, service) => {
    expect(nameCall({ method, url, body })).toEqual({ name, isRead, service });
  });
});
