import type { Handler } from "../handler.ts";
import { bucket } from "./bucket.ts";
import { bucketObject, bucketObjectv2 } from "./bucketObject.ts";
import { eip } from "./eip.ts";
import { eipAssociation } from "./eipAssociation.ts";
import { instance } from "./instance.ts";
import { keyPair } from "./keyPair.ts";
import { launchConfiguration } from "./launchConfiguration.ts";
import { loadBalancer } from "./loadBalancer.ts";
import { scalingAttachment } from "./scalingAttachment.ts";
import { scalingGroup } from "./scalingGroup.ts";
import { securityGroup } from "./securityGroup.ts";
import { securityGroupRule } from "./securityGroupRule.ts";

/** Every resource type that the plugin offers. */
export const resources: readonly Handler[] = [
  bucket,
  bucketObject,
  bucketObjectv2,
  eip,
  eipAssociation,
  instance,
  keyPair,
  launchConfiguration,
  loadBalancer,
  scalingAttachment,
  scalingGroup,
  securityGroup,
  securityGroupRule,
];
