import { ServiceError } from "../wire/faults.ts";

/**
 * Every refusal of the EC2 service: code, status, text.
 * Sources: Corymbia/eucalyptus `ComputeService.java`, `VmControl.java`, `VerifyMetadata.java`, `AddressManager.java`,
 * `NetworkGroupManager.java`, `KeyPairManager.java`, `tags/*.java`.
 */
const refusal = (code: string, message: string) => new ServiceError(400, code, message);

/** What the cloud has no client error for. AWS SDKs retry it. */
export const internalFailure = (message: string) => new ServiceError(500, "InternalFailure", message);

/** A failure behind the front end: the cloud names the exception that it had. */
export const backendFailure = (action: string, exception: string) =>
  internalFailure(
    `Failed to send message ${action}Type to service eucalyptus-request because: nested exception is ${exception}`,
  );
/** A text that is longer than its column of the database. */
export const textTooLong = (action: string) =>
  backendFailure(
    action,
    "javax.persistence.PersistenceException: org.hibernate.exception.DataException: could not execute statement",
  );

export const invalidParameterValue = (message: string) => refusal("InvalidParameterValue", message);
export const missingParameter = (message: string) => refusal("MissingParameter", message);
export const invalidParameterCombination = (message: string) => refusal("InvalidParameterCombination", message);

export const instanceIdMalformed = (id: string) => refusal("InvalidInstanceID.Malformed", `Invalid id: "${id}"`);
export const instancesNotFound = (ids: readonly string[]) =>
  refusal(
    "InvalidInstanceID.NotFound",
    ids.length === 1
      ? `The instance ID '${ids[0]}' does not exist`
      : `The instance IDs ${ids.map((id) => `'${id}'`).join(", ")} do not exist`,
  );
/** TerminateInstances quotes the whole list, not each id. */
export const instancesNotFoundAtTermination = (ids: readonly string[]) =>
  ids.length === 1
    ? instancesNotFound(ids)
    : refusal("InvalidInstanceID.NotFound", `The instance IDs '${ids.join(", ")}' do not exist`);
export const instanceStateInvalid = (id: string) =>
  refusal("InvalidInstanceID", `The instance '${id}' is not in a valid state for this operation.`);
export const incorrectInstanceState = (message: string) => refusal("IncorrectInstanceState", message);
export const operationNotPermitted = (id: string) =>
  refusal("OperationNotPermitted", `Termination protection enabled for instance ${id}`);
export const cannotStop = (id: string) =>
  refusal(
    "UnsupportedOperation",
    `The instance '${id}' does not have an 'ebs' root device type and cannot be stopped.`,
  );

/** Every failure of the allocator, no capacity among them: the backend's own code never reaches a client. */
export const serviceUnavailable = (message: string) => new ServiceError(503, "ServiceUnavailable", message);
export const typeNotAuthorized = (type: string, user: string) =>
  new ServiceError(403, "UnauthorizedOperation", `Not authorized to allocate vm type ${type} for ${user}`);
export const insufficientAddresses = () =>
  internalFailure("InsufficientAddressCapacity: no addresses are available in the public pool.");

export const imageIdMissing = () => refusal("InvalidAMIID.NotFound", "Image identifier required");
export const imageLookupFailed = (id: string) =>
  refusal("InvalidAMIID.NotFound", `Failed to lookup image named: ${id}`);
export const imageNotFound = (id: string) => refusal("InvalidAMIID.NotFound", `The image '${id}' does not exist`);

export const groupIdMalformed = (id: string) =>
  refusal("InvalidGroupId.Malformed", `Invalid id: "${id}" (expecting "sg-...")`);
export const groupNotFound = (id: string) =>
  refusal("InvalidGroup.NotFound", `The security group '${id}' does not exist`);
/** Of a change to an instance. */
export const launchedGroupNotFound = (id: string) =>
  refusal("InvalidGroup.NotFound", `Security group (${id}) not found`);
export const noDeviceAt = (device: string) =>
  refusal("InvalidInstanceAttributeValue", `No device is currently mapped at ${device}`);
export const vpcGroupNotFound = (id: string) =>
  refusal("InvalidGroup.NotFound", `VPC security group (${id}) not found`);
export const groupDuplicate = (name: string) =>
  refusal("InvalidGroup.Duplicate", `The security group '${name}' already exists`);
export const groupLimitExceeded = (vpcId: string) =>
  refusal("SecurityGroupLimitExceeded", `Security group limit exceeded for ${vpcId}`);
export const sourceGroupNotFound = (name: string) =>
  refusal("InvalidGroup.NotFound", `Failed to find security group: ${name}`);
export const groupReserved = (groupId: string, vpcId: string | undefined) =>
  vpcId === undefined
    ? refusal("InvalidGroup.Reserved", "The security group 'default' is reserved")
    : refusal("CannotDelete", `Group (${groupId}) cannot be deleted, it is the default group for ${vpcId}`);
export const groupInUse = (isVpc: boolean) =>
  refusal(
    isVpc ? "DependencyViolation" : "InvalidGroup.InUse",
    "Specified group cannot be deleted because it is in use.",
  );
export const permissionMalformed = (message: string) => refusal("InvalidPermission.Malformed", message);
export const ruleLimitExceeded = (groupId: string) =>
  refusal("RulesPerSecurityGroupLimitExceeded", `Rules limit exceeded for ${groupId}`);

export const keyPairNotFound = (name: string) =>
  refusal("InvalidKeyPair.NotFound", `The key pair '${name}' does not exist`);
export const keyPairLookupFailed = (name: string, account: string) =>
  refusal("InvalidKeyPair.NotFound", `Failed to find key pair: ${name} for ${account}`);
export const keyPairDuplicate = (name: string) =>
  refusal("InvalidKeyPair.Duplicate", `The keypair '${name}' already exists.`);
export const keyFormatInvalid = () => refusal("InvalidKey.Format", "Invalid or unsupported key format");

export const requestedAddressNotFree = () =>
  refusal("InvalidAddressID.NotFound", "The requested IP address does not exist or is unavailable");
export const allocationNotFound = (id: string) =>
  refusal("InvalidAddressID.NotFound", `Address not found for allocation (${id})`);
export const associationNotFound = (id: string) =>
  refusal("InvalidAssociationID.NotFound", `Association identifier (${id}) not found.`);
export const alreadyAssociated = () => refusal("Resource.AlreadyAssociated", "Address already associated");
export const addressInUse = (address: string, networkInterfaceId: string) =>
  refusal("InvalidIPAddress.InUse", `Address (${address}) in use (${networkInterfaceId})`);
export const addressNotFound = (action: string, given: string) =>
  backendFailure(action, `java.util.NoSuchElementException: Address not found (${given})`);
export const addressNotGiven = (action: string) => backendFailure(action, "java.lang.NullPointerException");
/** The cloud prints the whole example that it has looked for. */
export const instanceLookupFailed = (action: string, id: string) =>
  backendFailure(action, `java.util.NoSuchElementException: example: [VmInstance displayName=${id}]`);
export const subnetFull = () =>
  refusal("InsufficientFreeAddressesInSubnet", "The subnet has not enough free addresses.");

export const groupVpcNotFound = (id: string) => refusal("InvalidVpcID.NotFound", `The vpc ('${id}') was not found`);
export const launchSubnetNotFound = (id: string) => refusal("InvalidSubnetID.NotFound", `Subnet (${id}) not found`);
export const vpcNotFound = (id: string) => refusal("InvalidVpcID.NotFound", `The vpc ID '${id}' does not exist`);
export const subnetNotFound = (id: string) =>
  refusal("InvalidSubnetID.NotFound", `The subnet ID '${id}' does not exist`);
export const networkInterfaceNotFound = (id: string) =>
  refusal("InvalidNetworkInterfaceID.NotFound", `The networkInterface ID '${id}' does not exist`);
export const networkInterfaceInUse = (id: string) =>
  refusal("InvalidNetworkInterface.InUse", `The network interface (${id}) is in use.`);
export const volumeNotFound = (id: string) => refusal("InvalidVolume.NotFound", `The volume '${id}' does not exist`);
export const resourceIdMalformed = (id: string, parameter: string, prefix: string) =>
  invalidParameterValue(`Value (${id}) for parameter ${parameter} is invalid. Expected: '${prefix}-...'.`);

export const availabilityIsForAdministrators = () =>
  refusal("AuthFailure", "Only administrators may list availability.");

export const tagIdInvalid = (id: string) => refusal("InvalidID", `The ID '${id}' is not valid`);
/** The leading blank of VPC codes is the cloud's own. */
export const taggedResourceNotFound = (code: string, message: string) => refusal(code, message);
export const tagLimitExceeded = () =>
  refusal("TagLimitExceeded", "The maximum number of Tags for a resource has been reached.");
