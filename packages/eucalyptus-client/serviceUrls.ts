/** Where each service of a Eucalyptus front end is; the paths are how it tells them apart (no service has a port). */
export function serviceUrls(endpoint: string) {
  return {
    autoscaling: `${endpoint}/services/AutoScaling/`,
    ec2: `${endpoint}/services/compute/`,
    elb: `${endpoint}/services/LoadBalancing/`,
    s3: `${endpoint}/services/objectstorage/`,
    sts: `${endpoint}/services/Tokens/`,
  };
}

/** Where everybody reads the bucket's objects. */
export function publicBucketUrl(endpoint: string, bucket: string): string {
  return `${serviceUrls(endpoint).s3}${bucket}`;
}
