import type { XmlNode } from "../wire/xml.ts";
import { nothingConfigured } from "./errors.ts";

interface Unsupported {
  readonly name: string;
  /** The answer depends on no bucket, not even on its existence, and on no caller. */
  readonly anyBucket?: true;
  /** What the cloud, or a cloud on which nobody has set it, answers; without it: 501. */
  readonly answer?: (bucketName: string) => {
    readonly status: number;
    readonly root?: string;
    readonly content?: XmlNode;
  };
}

const none =
  (code: string, message: string, suffix = "") =>
  (bucketName: string) => {
    throw nothingConfigured(code, message, bucketName + suffix);
  };
const empty = (root: string, content: XmlNode = {}) => ({ status: 200, root, content });

/**
 * Bucket features that the cloud does not keep. Reading them says "none"; writing is 501. Of the policy that is our own
 * limit (Eucalyptus 5 has it, 4.4 does not).
 * Source of the rest: Corymbia/eucalyptus `ObjectStorageRESTBinding.java`, version 5.1; texts, and that three of them
 * look at no bucket: observed on Eucalyptus 5.1.0, 2026-11-28.
 */
export const UNSUPPORTED: Readonly<Record<string, Unsupported>> = {
  "bucket GET policy": {
    name: "GetBucketPolicy",
    answer: none("NoSuchBucketPolicy", "The specified bucket does not have a bucket policy.", "?policy"),
  },
  "bucket DELETE policy": { name: "DeleteBucketPolicy", answer: () => ({ status: 204 }) },
  "bucket GET accelerate": { name: "GetBucketAccelerate", answer: () => empty("AccelerateConfiguration") },
  "bucket PUT accelerate": { name: "PutBucketAccelerate" },
  "bucket GET notification": { name: "GetBucketNotification", answer: () => empty("NotificationConfiguration") },
  "bucket PUT notification": { name: "PutBucketNotification" },
  "bucket GET requestpayment": {
    name: "GetBucketRequestPayment",
    answer: () => empty("RequestPaymentConfiguration", { Payer: "BucketOwner" }),
  },
  "bucket GET website": {
    name: "GetBucketWebsite",
    anyBucket: true,
    answer: none("NoSuchWebsiteConfiguration", "The specified bucket does not have a website configuration"),
  },
  "bucket PUT website": { name: "PutBucketWebsite" },
  "bucket GET replication": {
    name: "GetBucketReplication",
    anyBucket: true,
    answer: none("ReplicationConfigurationNotFoundError", "The replication configuration was not found"),
  },
  "bucket PUT replication": { name: "PutBucketReplication" },
  "bucket GET encryption": {
    name: "GetBucketEncryption",
    anyBucket: true,
    answer: none(
      "ServerSideEncryptionConfigurationNotFoundError",
      "The server side encryption configuration was not found",
    ),
  },
  "bucket GET object_lock": {
    name: "GetBucketObjectLock",
    anyBucket: true,
    answer: none("ObjectLockConfigurationNotFoundError", "Object Lock configuration does not exist for this bucket"),
  },
  "bucket GET logging": { name: "GetBucketLogging", answer: () => empty("BucketLoggingStatus") },
  "bucket GET metrics": { name: "GetBucketMetrics" },
  "bucket PUT metrics": { name: "PutBucketMetrics" },
  "bucket GET analytics": { name: "GetBucketAnalytics" },
  "bucket PUT analytics": { name: "PutBucketAnalytics" },
  "bucket GET inventory": { name: "GetBucketInventory" },
  "bucket PUT inventory": { name: "PutBucketInventory" },
};
