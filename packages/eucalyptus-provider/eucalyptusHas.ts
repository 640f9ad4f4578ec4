interface Service {
  /** As people call it. */
  readonly title: string;
  /** In Corymbia/eucalyptus 5.1.0. */
  readonly source: string;
  /** Names of tokens, without the module; what is not listed is not there, or answers 200 and does nothing. */
  readonly types: readonly string[];
}

/**
 * What Eucalyptus performs, by the module of Pulumi's token. Read in the sources of 5.1.0: an action counts when its method
 * does something; some 150 others are stubs that answer 200 (placement groups, peering, endpoints, spot requests, …).
 */
export const EUCALYPTUS: Readonly<Record<string, readonly Service[]>> = {
  ec2: [
    {
      title: "VPC",
      source: "VpcManager.java",
      types: [
        ...["defaultNetworkAcl", "defaultRouteTable", "defaultSubnet", "defaultVpc", "defaultVpcDhcpOptions"],
        ...["internetGateway", "internetGatewayAttachment", "mainRouteTableAssociation", "natGateway", "networkAcl"],
        ...["networkAclAssociation", "networkAclRule", "networkInterface", "networkInterfaceAttachment"],
        ...["networkInterfaceSecurityGroupAttachment", "route", "routeTable", "routeTableAssociation", "subnet", "vpc"],
        ...["vpcDhcpOptions", "vpcDhcpOptionsAssociation"],
      ],
    },
    { title: "security groups", source: "NetworkGroupManager.java", types: ["defaultSecurityGroup", "securityGroup"] },
    { title: "key pairs", source: "KeyPairManager.java", types: ["keyPair"] },
    { title: "elastic addresses", source: "AddressManager.java", types: ["eip", "eipAssociation", "elasticIp"] },
    { title: "EBS", source: "VolumeManager.java", types: ["volumeAttachment", "snapshotCreateVolumePermission"] },
    { title: "tags", source: "TagManager.java", types: ["tag"] },
    { title: "images", source: "ImageManager.java", types: ["ami", "amiFromInstance", "amiLaunchPermission"] },
    { title: "instances", source: "VmControl.java", types: ["instance", "instanceType", "launchTemplate"] },
    { title: "Auto Scaling", source: "AutoScalingBackendService.java", types: ["launchConfiguration"] },
  ],
  ebs: [{ title: "EBS", source: "VolumeManager.java, SnapshotManager.java", types: ["snapshot", "volume"] }],
  vpc: [
    {
      title: "security group rules",
      source: "NetworkGroupManager.java",
      types: ["securityGroupEgressRule", "securityGroupIngressRule"],
    },
  ],
  s3: [
    {
      title: "object storage",
      source: "ObjectStorageGateway.java",
      types: [
        ...["bucket", "bucketAcl", "bucketCorsConfiguration", "bucketLifecycleConfiguration", "bucketPolicy"],
        ...["bucketVersioning", "bucketObject", "object", "objectCopy"],
      ],
    },
  ],
  elb: [
    {
      title: "classic load balancing",
      source: "LoadBalancingService.java",
      types: [
        ...["appCookieStickinessPolicy", "attachment", "listenerPolicy", "loadBalancer"],
        ...["loadBalancerBackendServerPolicy", "loadBalancerCookieStickinessPolicy", "loadBalancerPolicy"],
        "sslNegotiationPolicy",
      ],
    },
  ],
  autoscaling: [{ title: "Auto Scaling", source: "AutoScalingBackendService.java", types: ["group", "policy", "tag"] }],
  cloudformation: [{ title: "CloudFormation", source: "CloudFormationService.java", types: ["stack"] }],
  cloudwatch: [{ title: "CloudWatch", source: "CloudWatchBackendService.java", types: ["metricAlarm"] }],
  iam: [
    {
      title: "IAM",
      source: "EuareService.java",
      types: [
        ...["accessKey", "accountAlias", "group", "groupMembership", "groupPolicy", "groupPolicyAttachment"],
        ...["instanceProfile", "openIdConnectProvider", "policy", "policyAttachment", "role", "rolePolicy"],
        ...["rolePolicyAttachment", "serverCertificate", "signingCertificate", "user", "userGroupMembership"],
        ...["userLoginProfile", "userPolicy", "userPolicyAttachment"],
      ],
    },
  ],
  route53: [{ title: "Route 53", source: "Route53Service.java", types: ["record", "zone", "zoneAssociation"] }],
  sqs: [
    {
      title: "SQS",
      source: "SimpleQueueService.java",
      types: ["queue", "queuePolicy", "redriveAllowPolicy", "redrivePolicy"],
    },
  ],
  swf: [{ title: "SWF", source: "SimpleWorkflowService.java", types: ["domain"] }],
};

/** The service of Eucalyptus that has what a token of Pulumi's AWS package names; undefined when none has. */
export function eucalyptusHas(token: string): Service | undefined {
  const [, module = "", rest = ""] = /^aws:(\w+)\/(\w+):/.exec(token) ?? [];
  const thing = plainName(rest);
  return EUCALYPTUS[module]?.find(({ types }) => types.some((type) => plainName(type) === thing));
}

/** One name for a thing: functions ask for it (`getVpc`, `getVpcs`), and some types have a second version (`BucketV2`). */
export function plainName(name: string): string {
  return name
    .replace(/^get(?=[A-Z])/, "")
    .toLowerCase()
    .replace(/v2$/, "")
    .replace(/s$/, "");
}
