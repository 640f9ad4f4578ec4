import { ACTIONS } from "../ec2/actions.ts";
import { STUBS } from "../ec2/stubs.ts";
import { OPERATIONS } from "../s3/operations.ts";
import { STS_ACTION } from "../sts/service.ts";

/** Whatever a call may ask for, as EC2, S3 and STS name it. */
export const OPERATION_NAMES: ReadonlySet<string> = new Set([
  ...ACTIONS.keys(),
  ...STUBS.keys(),
  ...OPERATIONS.keys(),
  STS_ACTION,
]);
