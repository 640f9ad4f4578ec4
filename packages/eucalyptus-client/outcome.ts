import {
  type CloudError,
  FOREIGN_ANSWER,
  isCloudError,
  SERVICE_NOT_ENABLED,
  type TransportCode,
} from "./cloudError.ts";

const TRANSPORT: readonly string[] = ["Unreachable", "Timeout"] satisfies TransportCode[];

/**
 * Codes by which a service says that it did nothing because it is busy or starting. `ServiceUnavailable` and `SlowDown`
 * are Eucalyptus' own; the others are what front ends and AWS-like services say.
 */
const BUSY: readonly string[] = [
  "RequestLimitExceeded",
  "ServiceUnavailable",
  "SlowDown",
  "Throttling",
  "ThrottlingException",
];

/**
 * The cloud said in its own words, or no byte of the call left this machine: nothing was done, asking again is safe.
 * Not so RunInstances' `ServiceUnavailable`: every failure of the allocator is that, mostly "no capacity", and asking
 * again would start what does not fit. Source: Corymbia/eucalyptus `ComputeService.java` handleServiceException.
 */
export function isNotDone(error: CloudError): boolean {
  if (error.code === "ServiceUnavailable" && error.action === "RunInstances") return false;
  // With a redirect the front end says that the service is elsewhere, which asking again does not change.
  if (error.code === SERVICE_NOT_ENABLED) return error.status === 503;
  return error.isUnsent || error.status === 429 || BUSY.includes(error.code);
}

/**
 * Whether a write that failed so may have acted all the same: no answer, one that is not the action's own, a fault of
 * the cloud's. Look before you give up or ask again. False for everything that the cloud refused in its own words.
 */
export function isAmbiguous(error: unknown): boolean {
  if (!isCloudError(error) || isNotDone(error)) return false;
  return error.code === FOREIGN_ANSWER || error.status >= 500 || (error.status === 0 && TRANSPORT.includes(error.code));
}
