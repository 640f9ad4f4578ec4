import type { XmlNode } from "../wire/xml.ts";

/*
 * The cloud's stubs: 200 whatever the parameters (but `DryRun`, which is unknown everywhere), and nothing changes.
 * Source: Corymbia/eucalyptus `ComputeService.java`, `VmControl.java`, `ec2-2016-11-15-binding.xml`; that there is no `return` in the first two kinds:
 * observed on Eucalyptus 5.1.0, 2026-11-28.
 */

const WITHOUT_CONTENT = [
  "ModifyInstancePlacement",
  ...["AcceptReservedInstancesExchangeQuote", "AcceptVpcEndpointConnections", "AllocateHosts"],
  ...["AssignIpv6Addresses", "AssociateSubnetCidrBlock", "AssociateVpcCidrBlock", "CancelImportTask"],
  ...["CancelReservedInstancesListing", "CancelSpotInstanceRequests", "CopyFpgaImage", "CopySnapshot"],
  ...["CreateEgressOnlyInternetGateway", "CreateFleet", "CreateFlowLogs", "CreateFpgaImage"],
  ...["CreateLaunchTemplateVersion", "CreateNetworkInterfacePermission", "CreateReservedInstancesListing"],
  ...["CreateSpotDatafeedSubscription", "CreateVpcEndpoint", "CreateVpcEndpointConnectionNotification"],
  ...["CreateVpcEndpointServiceConfiguration", "DeleteEgressOnlyInternetGateway", "DeleteFleets"],
  ...["DeleteFlowLogs", "DeleteLaunchTemplateVersions", "DeleteSpotDatafeedSubscription"],
  ...["DeleteVpcEndpointConnectionNotifications", "DeleteVpcEndpointServiceConfigurations"],
  ...["DeleteVpcEndpoints", "DescribeEgressOnlyInternetGateways", "DescribeElasticGpus"],
  ...["DescribeFleetHistory", "DescribeFleetInstances", "DescribeFleets", "DescribeFpgaImageAttribute"],
  ...["DescribeFpgaImages", "DescribeInstanceCreditSpecifications", "DescribeLaunchTemplateVersions"],
  ...["DescribeNetworkInterfacePermissions", "DescribeScheduledInstanceAvailability"],
  ...["DescribeScheduledInstances", "DescribeSpotDatafeedSubscription", "DescribeVolumesModifications"],
  ...["DescribeVpcEndpointConnectionNotifications", "DescribeVpcEndpointConnections"],
  ...["DescribeVpcEndpointServiceConfigurations", "DescribeVpcEndpointServicePermissions"],
  ...["DisassociateSubnetCidrBlock", "DisassociateVpcCidrBlock", "GetHostReservationPurchasePreview"],
  ...["GetLaunchTemplateData", "GetReservedInstancesExchangeQuote", "ImportImage", "ImportSnapshot"],
  ...["ModifyFpgaImageAttribute", "ModifyHosts", "ModifyInstanceCreditSpecification"],
  ...["ModifyLaunchTemplate", "ModifyReservedInstances", "ModifySpotFleetRequest", "ModifyVolume"],
  ...["ModifyVpcEndpoint", "ModifyVpcPeeringConnectionOptions", "MoveAddressToVpc"],
  ...["PurchaseHostReservation", "PurchaseReservedInstancesOffering", "PurchaseScheduledInstances"],
  ...["RejectVpcEndpointConnections", "ReleaseHosts", "RequestSpotFleet", "RequestSpotInstances"],
  ...["RestoreAddressToClassic", "RunScheduledInstances", "UnassignIpv6Addresses"],
];

/** What there is none of. */
const EMPTY_SETS: Readonly<Record<string, readonly string[]>> = {
  CancelSpotFleetRequests: ["successfulFleetRequestSet", "unsuccessfulFleetRequestSet"],
  DescribeClassicLinkInstances: ["instancesSet"],
  DescribeCustomerGateways: ["customerGatewaySet"],
  DescribeFlowLogs: ["flowLogSet"],
  DescribeHostReservationOfferings: ["offeringSet"],
  DescribeHostReservations: ["hostReservationSet"],
  DescribeHosts: ["hostSet"],
  DescribeImportImageTasks: ["importImageTaskSet"],
  DescribeImportSnapshotTasks: ["importSnapshotTaskSet"],
  DescribeMovingAddresses: ["movingAddressStatusSet"],
  DescribePlacementGroups: ["placementGroupSet"],
  DescribePrefixLists: ["prefixListSet"],
  DescribeSecurityGroupReferences: ["securityGroupReferenceSet"],
  DescribeSpotFleetInstances: ["activeInstanceSet"],
  DescribeSpotFleetRequestHistory: ["historyRecordSet"],
  DescribeSpotFleetRequests: ["spotFleetRequestConfigSet"],
  DescribeStaleSecurityGroups: ["staleSecurityGroupSet"],
  DescribeVpcClassicLink: ["vpcSet"],
  DescribeVpcClassicLinkDnsSupport: ["vpcs"],
  DescribeVpcEndpointServices: ["serviceNameSet"],
  DescribeVpcEndpoints: ["vpcEndpointSet"],
  DescribeVpcPeeringConnections: ["vpcPeeringConnectionSet"],
  DescribeVpnConnections: ["vpnConnectionSet"],
  DescribeVpnGateways: ["vpnGatewaySet"],
};

/** They have no request id either. */
const WITHOUT_REQUEST_ID: Readonly<Record<string, readonly string[]>> = {
  DescribeReservedInstances: ["reservedInstancesSet"],
  DescribeReservedInstancesListings: ["reservedInstancesListingsSet"],
  DescribeReservedInstancesModifications: ["reservedInstancesModificationsSet"],
  DescribeReservedInstancesOfferings: ["reservedInstancesOfferingsSet"],
  DescribeSpotInstanceRequests: [],
};

const SAYING_TRUE = [
  ...["CreatePlacementGroup", "DeletePlacementGroup", "ReportInstanceStatus"],
  ...["DeleteFpgaImage", "DeleteNetworkInterfacePermission", "ModifyFleet", "ModifyIdFormat"],
  ...["ModifyIdentityIdFormat", "ModifyVpcEndpointConnectionNotification"],
  ...["ModifyVpcEndpointServiceConfiguration", "ModifyVpcEndpointServicePermissions", "ModifyVpcTenancy"],
  ...["ResetFpgaImageAttribute", "UpdateSecurityGroupRuleDescriptionsEgress"],
  ...["UpdateSecurityGroupRuleDescriptionsIngress"],
];

const SAYING_FALSE = [
  ...["AttachClassicLinkVpc", "DetachClassicLinkVpc", "DisableVpcClassicLink"],
  ...["DisableVpcClassicLinkDnsSupport", "EnableVpcClassicLink", "EnableVpcClassicLinkDnsSupport"],
];

export interface Stub {
  readonly content: XmlNode;
  readonly hasRequestId: boolean;
}

const stubs = (names: readonly string[], content: XmlNode) =>
  names.map((name): [string, Stub] => [name, { content, hasRequestId: true }]);

const emptySets = (of: Readonly<Record<string, readonly string[]>>, hasRequestId: boolean) =>
  Object.entries(of).map(([name, sets]): [string, Stub] => {
    return [name, { content: Object.fromEntries(sets.map((set) => [set, []])), hasRequestId }];
  });

export const STUBS: ReadonlyMap<string, Stub> = new Map([
  ...stubs(WITHOUT_CONTENT, {}),
  ...stubs(SAYING_TRUE, { return: true }),
  ...stubs(SAYING_FALSE, { return: false }),
  ...emptySets(EMPTY_SETS, true),
  ...emptySets(WITHOUT_REQUEST_ID, false),
]);
