import { ServiceError } from "../wire/faults.ts";

/**
 * Every refusal of the load balancing service: code, status, text.
 * Observed on Eucalyptus 5.1.0, 2026-11-28; source: Corymbia/eucalyptus `LoadBalancingService.java` and its exceptions.
 */
const refusal = (code: string, message: string) => new ServiceError(400, code, message);

export const invalidConfiguration = (text: string) =>
  new ServiceError(409, "InvalidConfigurationRequest", `Requested configuration change is invalid: ${text}`);
export const notFound = () => refusal("AccessPointNotFound", "The specified LoadBalancer could not be found");
export const nameTaken = () =>
  refusal("DuplicateAccessPointName", "LoadBalancer name already exists for this account. Please choose another name.");
/** EDGE, for some time after a delete of the same name. */
export const stillCleaningUp = () =>
  new ServiceError(500, "InternalFailure", "Cleaning up the previous ELB with the same name. Retry in a few minutes.");
export const duplicateListener = () => refusal("DuplicateListener", "A Listener already exists");
export const invalidEndPoint = () => refusal("InvalidEndPoint", "The specified EndPoint (instance) is not valid");
export const subnetNotFound = () => refusal("SubnetNotFound", "Invalid subnet(s)");
export const invalidSecurityGroup = (ids: readonly string[]) =>
  refusal("InvalidSecurityGroup", `Invalid security group(s): ${ids.join(", ")}`);
export const certificateNotFound = () =>
  refusal("CertificateNotFoundException", "The specified SSL ID does not refer to a valid SSL certificate");
export const tooManyTags = () =>
  refusal("TooManyTags", "The quota for the number of tags that can be assigned to a load balancer has been reached");
export const duplicateTagKey = (key: string) => refusal("DuplicateTagKeys", `Duplicate tag key (${key})`);
export const protocolNotSupported = () => refusal("InternalFailure", "The requested protocol is not supported");
export const restrictedPort = (port: number) =>
  new ServiceError(
    500,
    "InternalFailure",
    `The specified port(s) ${port}, are restricted for use as a loadbalancer port.`,
  );
