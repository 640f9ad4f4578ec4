import { Provider } from "@pulumi/aws/provider.js";

export interface CloudArgs {
  /** Front end without a slash at its end: `http://10.67.0.1:8773`. */
  readonly endpoint: string;
  readonly region: string;
}

/** Where each service of an Eucalyptus front end is; the paths are how it tells them apart (no service has a port). */
export function serviceUrls(endpoint: string) {
  return {
    ec2: `${endpoint}/services/compute/`,
    s3: `${endpoint}/services/objectstorage/`,
    sts: `${endpoint}/services/Tokens/`,
  };
}

/** Where everybody reads the bucket's objects. */
export function publicBucketUrl(endpoint: string, bucket: string): string {
  return `${serviceUrls(endpoint).s3}${bucket}`;
}

/**
 * The provider that every resource of this stack names. It has no keys: the plugin reads them from its environment,
 * so that they are in no state and no preview. All skips are of questions that an Eucalyptus does not answer.
 */
export function createCloud(name: string, { endpoint, region }: CloudArgs): Provider {
  return new Provider(name, {
    region,
    endpoints: [serviceUrls(endpoint)],
    skipCredentialsValidation: true,
    skipMetadataApiCheck: true,
    skipRegionValidation: true,
    skipRequestingAccountId: true,
    s3UsePathStyle: true,
  });
}
