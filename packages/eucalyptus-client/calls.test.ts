import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { AUTO_SCALING_CALLS, EC2_CALLS, ELB_CALLS, S3_CALLS } from "./calls.ts";

const PAGE = readFileSync(new URL("../../docs/eucalyptus.md", import.meta.url), "utf8");

/** The provider offers them (`disableApiTermination`, groups of a running server, balancers in subnets), and the stack never uses them. */
const NOT_OF_THE_STACK = [
  "ec2:DescribeSubnets",
  "ec2:ModifyInstanceAttribute",
  "elasticloadbalancing:ApplySecurityGroupsToLoadBalancer",
  "elasticloadbalancing:AttachLoadBalancerToSubnets",
  "elasticloadbalancing:DetachLoadBalancerFromSubnets",
];

test("docs/eucalyptus.md names what a policy has to allow, for every call", () => {
  const ec2 = Object.keys(EC2_CALLS).map((action) => `ec2:${action}`);
  const s3 = Object.values(S3_CALLS).map(({ permission }) => permission);
  const elb = Object.keys(ELB_CALLS).map((action) => `elasticloadbalancing:${action}`);
  const autoScaling = Object.keys(AUTO_SCALING_CALLS).map((action) => `autoscaling:${action}`);
  const missing = [...new Set([...ec2, ...elb, ...autoScaling, ...s3])].filter(
    (permission) => !new RegExp(`["\`]${permission}["\`]`).test(PAGE),
  );
  expect(missing).toEqual(NOT_OF_THE_STACK);
});

test("the policies there are some", () => {
  const policies = [...PAGE.matchAll(/```json\n([\s\S]*?)```/g)].map(([, json = ""]): unknown => JSON.parse(json));
  expect(policies).toHaveLength(3);
  for (const policy of policies) {
    expect(policy).toMatchObject({ Statement: [{ Effect: "Allow", Action: expect.any(Array) }] });
  }
});
