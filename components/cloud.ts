// Not the whole client: it takes a third of a second to load, and this program starts with every `pulumi` command.
import { serviceUrls } from "@planet/eucalyptus-client/serviceUrls";
import { Provider } from "@pulumi/aws/provider.js";

export interface CloudArgs {
  /** Front end without a slash at its end: `http://10.67.0.1:8773`. */
  readonly endpoint: string;
  readonly region: string;
}

/**
 * The provider that every resource of this stack names. It has no keys: the plugin reads them from its environment,
 * so that they are in no state and no preview. Each skip avoids a call that Eucalyptus does not implement.
 */
export function eucalyptusProvider(name: string, { endpoint, region }: CloudArgs): Provider {
  // The plugin finds the other services beside EC2. Named here they would change the provider of every stack that exists.
  const { ec2, s3, sts } = serviceUrls(endpoint);
  return new Provider(name, {
    region,
    endpoints: [{ ec2, s3, sts }],
    skipCredentialsValidation: true,
    skipMetadataApiCheck: true,
    skipRegionValidation: true,
    skipRequestingAccountId: true,
    s3UsePathStyle: true,
  });
}
