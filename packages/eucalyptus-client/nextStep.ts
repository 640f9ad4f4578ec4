import { FOREIGN_ANSWER, SERVICE_NOT_ENABLED } from "./cloudError.ts";

/** What a person can do about a refusal, as sentences; "" when the cloud's own text says it all. */
export function nextStep(facts: {
  readonly code: string;
  readonly status: number;
  readonly action: string;
  readonly url: string;
  readonly permission?: string | undefined;
  readonly requestId: string;
}): string {
  const { code, status, action, url, permission, requestId } = facts;
  const policy = `no policy for ${permission}: docs/eucalyptus.md has the one that the stack needs`;
  if (code === FOREIGN_ANSWER) return `Is ${url} the cloud's endpoint? Is a proxy or a login page in between?`;
  if (code === SERVICE_NOT_ENABLED) {
    return "Load balancing is enabled when the cloud's administrator has installed its image: esi-install-image --install-default.";
  }
  if (code === "UnauthorizedOperation") return `The keys are good; their user has ${policy}.`;
  if (code === "AccessDenied" && permission) {
    return `It belongs to another account, or the user of the keys has ${policy}.`;
  }
  if (KEYS.includes(code)) {
    return "Compare AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and, for temporary keys, AWS_SESSION_TOKEN with your account's.";
  }
  if (code === "NoSuchBucket" && action === "GET buckets") {
    return "The endpoint's host is read as a bucket's name: use the front end's IP address, or a name in the cloud's own DNS domain.";
  }
  if (code === "RequestTimeTooSkewed") return "Set this machine's clock: timedatectl set-ntp true.";
  if (code === "404 Not Found") {
    return "Check the path of the endpoint: Eucalyptus has EC2 at /services/compute/ and object storage at /services/objectstorage/.";
  }
  if (code === "ServiceUnavailable" && action === "RunInstances") {
    return "Mostly it has no room: `euca-describe-availability-zones verbose` shows what is free.";
  }
  if (status === 503 || status === 429) return "The cloud is busy or starting: run the command again in a minute.";
  if (status >= 500)
    return `The cloud's administrator finds the reason in its log${requestId === "" ? "" : ", under the request"}.`;
  return "";
}

/** Refusals of the keys themselves. EC2 has one for all; "403 Forbidden" is also what it says to a wrong clock. */
const KEYS: readonly string[] = ["403 Forbidden", "InvalidAccessKeyId", "SignatureDoesNotMatch"];
