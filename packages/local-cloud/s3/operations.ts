import type { Operation } from "./operation.ts";
import * as acls from "./operations/acls.ts";
import * as buckets from "./operations/buckets.ts";
import * as configurations from "./operations/configurations.ts";
import { copyObject } from "./operations/copyObject.ts";
import { deleteObject } from "./operations/deleteObject.ts";
import { deleteObjects } from "./operations/deleteObjects.ts";
import { getObject, headObject } from "./operations/getObject.ts";
import { listObjects } from "./operations/listObjects.ts";
import { listObjectVersions } from "./operations/listObjectVersions.ts";
import * as multipart from "./operations/multipart.ts";
import { postObject } from "./operations/postObject.ts";
import { preflightCors } from "./operations/preflightCors.ts";
import { putObject } from "./operations/putObject.ts";
import { REFUSED_OPERATIONS } from "./operations/refused.ts";
import { CONSTANT_OPERATIONS } from "./operations/unsupported.ts";

const ALL: readonly Operation[] = [
  ...Object.values(acls),
  ...Object.values(buckets),
  ...Object.values(configurations),
  ...Object.values(multipart),
  ...[copyObject, deleteObject, deleteObjects, getObject, headObject, listObjects, listObjectVersions, postObject],
  ...[preflightCors, putObject],
  ...CONSTANT_OPERATIONS,
  ...REFUSED_OPERATIONS,
];

export const OPERATIONS: ReadonlyMap<string, Operation> = new Map(ALL.map((operation) => [operation.name, operation]));
