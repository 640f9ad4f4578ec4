import { ServiceError } from "../wire/faults.ts";

/**
 * Every refusal of Auto Scaling: code, status, text.
 * Observed on Eucalyptus 5.1.0, 2026-11-28; source: Corymbia/eucalyptus `AutoScalingService.java`, `AutoScalingMessageValidation.java`.
 */
export const validationError = (message: string) => new ServiceError(400, "ValidationError", message);

export const groupNotFound = (name: string) => validationError(`Auto scaling group not found: ${name}`);
export const configurationNotFound = (name: string) => validationError(`Launch configuration not found: ${name}`);
export const memberNotFound = (id: string) => validationError(`Auto scaling instance not found: ${id}`);
/** All references that lead nowhere, in one refusal. */
export const invalidParameters = (problems: readonly string[]) =>
  validationError(`Invalid parameters [${problems.join(", ")}]`);
export const alreadyExists = () => new ServiceError(400, "AlreadyExists", "Resource already exists");
export const resourceInUse = () => new ServiceError(400, "ResourceInUse", "Resource in use");
export const scalingInProgress = () =>
  new ServiceError(400, "ScalingActivityInProgress", "Scaling activity in progress");
export const tooManyTags = () => new ServiceError(400, "LimitExceeded", "Limit exceeded");
export const inCooldown = () => new ServiceError(500, "InternalFailure", "Group is in cooldown");
