import type { Inputs, Problem } from "@planet/pulumi-plugin";
import type { InstanceArgs } from "@pulumi/aws/ec2/instance.js";
import type { CheckFacts, RulesOf } from "../handler.ts";
import { flag, refused, region, text, textSet } from "../rules/inputRule.ts";
import { tags } from "../rules/tags.ts";
import { flagIn } from "../values.ts";
import { problemWithBase64, problemWithUserData, sameUserData } from "./userData.ts";

const NO_SUCH_OPTION = "Eucalyptus has no such option and refuses the launch; remove it";
const BLOCK_DEVICES = "images here boot from the instance store, which has no volumes to describe; remove it";

/** What the cloud's RunInstances takes: Corymbia/eucalyptus `RunInstancesType.java`. */
export const instanceInputs: RulesOf<InstanceArgs> = {
  ami: text({ required: true, replaces: true }),
  associatePublicIpAddress: flag({ replaces: true, computed: true }),
  availabilityZone: text({ replaces: true, computed: true }),
  capacityReservationSpecification: refused(NO_SUCH_OPTION),
  cpuOptions: refused(NO_SUCH_OPTION),
  creditSpecification: refused(NO_SUCH_OPTION),
  disableApiStop: refused(NO_SUCH_OPTION, [false]),
  disableApiTermination: flag({ computed: true }),
  ebsBlockDevices: refused(BLOCK_DEVICES, [[]]),
  ebsOptimized: refused("is accepted and ignored by Eucalyptus; remove it", [false]),
  enablePrimaryIpv6: refused("Eucalyptus has no IPv6; remove it", [false]),
  enclaveOptions: refused(NO_SUCH_OPTION),
  ephemeralBlockDevices: refused(BLOCK_DEVICES, [[]]),
  forceDestroy: refused("the provider does not lift protections by itself; set disableApiTermination to false", [
    false,
  ]),
  getPasswordData: refused("Eucalyptus gives no Windows passwords; remove it", [false]),
  hibernation: refused(NO_SUCH_OPTION, [false]),
  hostId: refused(NO_SUCH_OPTION),
  hostResourceGroupArn: refused(NO_SUCH_OPTION),
  iamInstanceProfile: text({ replaces: true, computed: true }),
  instanceInitiatedShutdownBehavior: refused("Eucalyptus ignores it: a shut down instance ends; remove it"),
  instanceMarketOptions: refused(NO_SUCH_OPTION),
  instanceType: text({ replaces: true, computed: true }),
  ipv6AddressCount: refused("Eucalyptus has no IPv6; remove it", [0]),
  ipv6Addresses: refused("Eucalyptus has no IPv6; remove it", [[]]),
  keyName: text({ replaces: true, computed: true }),
  launchTemplate: refused("write the template's settings at the instance; the provider does not read templates"),
  maintenanceOptions: refused(NO_SUCH_OPTION),
  metadataOptions: refused("Eucalyptus always answers metadata requests with and without a token; remove it"),
  monitoring: refused("detailed monitoring is not offered by the provider; remove it", [false]),
  networkInterfaces: refused("the provider makes instances with one interface of their own; use subnetId"),
  placementGroup: refused(NO_SUCH_OPTION),
  placementGroupId: refused(NO_SUCH_OPTION),
  placementPartitionNumber: refused(NO_SUCH_OPTION),
  primaryNetworkInterface: refused("the provider makes instances with one interface of their own; use subnetId"),
  privateDnsNameOptions: refused(NO_SUCH_OPTION),
  privateIp: text({ replaces: true, computed: true }),
  region,
  rootBlockDevice: refused(BLOCK_DEVICES),
  secondaryNetworkInterfaces: refused(NO_SUCH_OPTION, [[]]),
  secondaryPrivateIps: refused("the provider makes instances with one address; remove it", [[]]),
  securityGroups: textSet({ replaces: true, computed: true }),
  sourceDestCheck: refused("an instance is not a router here; remove it", [true]),
  subnetId: text({ replaces: true, computed: true }),
  tags,
  tenancy: refused("Eucalyptus has no dedicated hosts; remove it", ["default"]),
  userData: text({ replaces: true, hidden: true, problem: problemWithUserData }),
  userDataBase64: text({ replaces: true, hidden: true, problem: problemWithBase64 }),
  userDataReplaceOnChange: flag({ computed: true }),
  volumeTags: refused("images here boot from the instance store, which has no volumes to tag; remove it"),
  vpcSecurityGroupIds: textSet({ replaces: "edge", computed: true }),
};

/** Problems that no single input shows. */
export function instanceProblems(news: Inputs, { olds, mode }: CheckFacts): Problem[] {
  const given = (name: string) => news[name] !== undefined;
  const problems: Problem[] = [];
  const add = (property: string, reason: string) => problems.push({ property, reason });

  if (given("userData") && given("userDataBase64")) add("", "userData and userDataBase64 exclude each other; give one");
  if (given("vpcSecurityGroupIds") && given("securityGroups")) {
    add("securityGroups", "excludes vpcSecurityGroupIds; name all groups by id there");
  }
  if (olds && !sameUserData(olds, news) && flagIn(news, "userDataReplaceOnChange") !== true) {
    add(
      "userDataReplaceOnChange",
      "must be true to change userData: an instance here boots from the instance store and cannot be stopped, " +
        "so its user-data cannot change in place",
    );
  }
  if (mode === "edge") {
    const onlyVpc = "is for clouds in VPC mode, this one is in EDGE mode; remove it";
    for (const name of ["subnetId", "privateIp"]) if (given(name)) add(name, onlyVpc);
    if (news.associatePublicIpAddress === false) {
      add("associatePublicIpAddress", "every instance gets a public address on a cloud in EDGE mode; remove it");
    }
  }
  if (mode === "vpc" && given("associatePublicIpAddress")) {
    // It is said of a network interface, which the cloud makes in a named subnet only, also where there is a default VPC.
    // Source: Corymbia/eucalyptus `VmInstanceLifecycleHelpers.java`; seen on 5.1.0.
    if (!given("subnetId")) {
      const subnet = "is required with associatePublicIpAddress on a cloud in VPC mode";
      add("subnetId", `${subnet}; give one, or remove associatePublicIpAddress and let the default subnet decide`);
    }
    if (given("securityGroups")) {
      add("securityGroups", "cannot be combined with associatePublicIpAddress; use vpcSecurityGroupIds");
    }
  }
  return problems;
}
