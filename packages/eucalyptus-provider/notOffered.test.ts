import { readdirSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { EUCALYPTUS, plainName } from "./eucalyptusHas.ts";
import { functions } from "./functions/index.ts";
import { notOffered } from "./notOffered.ts";
import { resources } from "./resources/index.ts";

const types = resources.map(({ token }) => token);
const calls = functions.map(({ token }) => token);

describe("a type that is not offered (proves the kind of answer, and the name that it leads to)", () => {
  test.each([
    ...["aws:ec2/vpc:Vpc", "aws:ec2/subnet:Subnet", "aws:ec2/launchTemplate:LaunchTemplate", "aws:ebs/volume:Volume"],
    ...["aws:elb/attachment:Attachment", "aws:iam/role:Role", "aws:autoscaling/policy:Policy"],
    ...["aws:cloudwatch/metricAlarm:MetricAlarm", "aws:route53/record:Record", "aws:sqs/queue:Queue"],
    ...[
      "aws:s3/bucketPolicy:BucketPolicy",
      "aws:s3/bucketAcl:BucketAcl",
      "aws:s3/bucketVersioningV2:BucketVersioningV2",
    ],
    ...["aws:cloudformation/stack:Stack", "aws:swf/domain:Domain"],
  ])("%s: Eucalyptus has it, this provider has not", (token) => {
    expect(notOffered("resource type", token, types)).toMatchObject({ code: "NOT_IN_PROVIDER" });
  });

  test.each([
    ...["aws:lambda/function:Function", "aws:rds/instance:Instance", "aws:dynamodb/table:Table"],
    ...["aws:lb/loadBalancer:LoadBalancer", "aws:sns/topic:Topic", "aws:cloudwatch/logGroup:LogGroup"],
    // The cloud would answer 200 to these and do nothing; deleting the last one would even delete the bucket.
    ...["aws:ec2/placementGroup:PlacementGroup", "aws:ec2/vpcPeeringConnection:VpcPeeringConnection"],
    ...["aws:ec2/vpcEndpoint:VpcEndpoint", "aws:autoscaling/schedule:Schedule"],
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    "no token at all",
  ])("%s: Eucalyptus has no such thing", (token) => {
    expect(notOffered("resource type", token, types)).toMatchObject({ code: "NOT_IN_EUCALYPTUS" });
  });

  test.each([
    { token: "aws:s3/bucketObjectV2:BucketObjectV2", ours: "aws:s3/bucketObjectv2:BucketObjectv2" },
    { token: "aws:s3/bucketV2:BucketV2", ours: "aws:s3/bucket:Bucket" },
    { token: "aws:ec2/EIP:EIP", ours: "aws:ec2/eip:Eip" },
    {
      token: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
      ours: "aws:ec2/securityGroupRule:SecurityGroupRule",
    },
  ])("$token: another name of $ours", ({ token, ours }) => {
    const error = notOffered("resource type", token, types);
    expect(error).toMatchObject({ code: "NAME_UNKNOWN" });
    expect(error.message).toContain(ours);
  });

  test.each([
    { token: "aws:ec2/getVpc:getVpc", code: "NOT_IN_PROVIDER" },
    { token: "aws:ec2/getSubnets:getSubnets", code: "NOT_IN_PROVIDER" },
    { token: "aws:ec2/getInstance:getInstance", code: "NOT_IN_PROVIDER" },
    { token: "aws:ssm/getParameter:getParameter", code: "NOT_IN_EUCALYPTUS" },
  ])("the function $token: $code", ({ token, code }) => {
    expect(notOffered("function", token, calls)).toMatchObject({ code });
  });
});

test("the table names only what the SDK has: a misspelt name would never be found", () => {
  const sdk = new URL("../../node_modules/@pulumi/aws/", import.meta.url);
  const unknown = Object.entries(EUCALYPTUS).flatMap(([module, services]) => {
    const files = readdirSync(new URL(`${module}/`, sdk));
    const names = new Set(files.map((file) => plainName(file.replace(/\..*/, ""))));
    return services.flatMap(({ types: listed }) => listed.filter((name) => !names.has(plainName(name))));
  });
  expect(unknown).toEqual([]);
});
