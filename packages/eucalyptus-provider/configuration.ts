import { containsUnknown, type Inputs, isUnknown, type Problem, type Value } from "@planet/pulumi-plugin";
import type { ProviderArgs } from "@pulumi/aws/provider.js";
import { isInternal } from "./rules/checkInputs.ts";

/** What the plugin needs to know of its cloud. */
export interface Configuration {
  readonly region: string;
  /** All end in a slash. */
  readonly autoScalingUrl: string;
  readonly elbUrl: string;
  readonly ec2Url: string;
  readonly s3Url: string;
  readonly stsUrl: string;
}

const IN_STATE = "is not taken from the program: it would be kept in the state; remove it, and export";
const KEYS = `${IN_STATE} AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY`;
const TOKEN = `${IN_STATE} AWS_SESSION_TOKEN with the AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY that it belongs to`;
const NO_ROLES =
  "roles and profiles are not looked up on Eucalyptus; export AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and, for temporary keys, AWS_SESSION_TOKEN";
const NO_TAGS = "is not offered; write tags at each resource";
const NO_PROXY = "is not offered: the cloud's host is asked directly; remove it";

/**
 * Settings that are accepted (undefined), with a reason why the rest is not. The flags that skip checks change nothing:
 * what they skip does not exist here. Names: `@pulumi/aws`, checked by the compiler.
 */
const SETTINGS: Readonly<Record<keyof ProviderArgs, string | undefined>> = {
  accessKey: KEYS,
  allowedAccountIds: "is not offered; remove it",
  assumeRoleWithWebIdentity: NO_ROLES,
  assumeRoles: NO_ROLES,
  customCaBundle: "is not offered; export NODE_EXTRA_CA_CERTS with the path of the file",
  defaultTags: NO_TAGS,
  ec2MetadataServiceEndpoint: NO_ROLES,
  ec2MetadataServiceEndpointMode: NO_ROLES,
  endpoints: undefined,
  forbiddenAccountIds: "is not offered; remove it",
  httpProxy: NO_PROXY,
  httpsProxy: NO_PROXY,
  ignoreTags: NO_TAGS,
  insecure: "is not offered; export NODE_EXTRA_CA_CERTS with the path of the cloud's certificate",
  maxRetries: "is not offered: what may be repeated is, for a minute; remove it",
  noProxy: NO_PROXY,
  profile: NO_ROLES,
  region: undefined,
  retryMode: "is not offered; remove it",
  s3UsEast1RegionalEndpoint: "is not offered; remove it",
  s3UsePathStyle: undefined,
  secretKey: KEYS,
  sharedConfigFiles: NO_ROLES,
  sharedCredentialsFiles: NO_ROLES,
  skipCredentialsValidation: undefined,
  skipMetadataApiCheck: undefined,
  skipRegionValidation: undefined,
  skipRequestingAccountId: undefined,
  stsRegion: "is not offered; remove it",
  tagPolicyCompliance: NO_TAGS,
  token: TOKEN,
  tokenBucketRateLimiterCapacity: "is not offered; remove it",
  useDualstackEndpoint: "is not offered; remove it",
  useFipsEndpoint: "is not offered; remove it",
  userAgents: "is not offered; remove it",
};

/** Values that come by default or say nothing. */
const HARMLESS = ["false", "[]", "{}", ""];

/** Problems of the provider's settings. Every one has an empty property: the engine would print a named one's value. */
export function configurationProblems(news: Inputs): Problem[] {
  const settings: Readonly<Record<string, string | undefined>> = SETTINGS;
  const problems = Object.keys(news)
    .filter((name) => !isInternal(name))
    .toSorted()
    .flatMap((name): string[] => {
      const isKnown = Object.hasOwn(SETTINGS, name);
      const reason = isKnown ? settings[name] : "is not known here; remove it";
      const isHarmless = isKnown && !reason?.startsWith(IN_STATE) && HARMLESS.includes(String(news[name]));
      return reason === undefined || isHarmless ? [] : [`${name} ${reason}`];
    });
  if (news.s3UsePathStyle === "false")
    problems.push("s3UsePathStyle must be true: a bucket has no host name of its own here");
  if (!containsUnknown(news.endpoints) && !containsUnknown(news.region)) {
    const found = readConfiguration(news);
    if (typeof found === "string") problems.push(found);
  }
  return problems.map((reason) => ({ property: "", reason }));
}

/** The settings, or the reason why they will not do. */
export function readConfiguration(config: Inputs): Configuration | string {
  const { region } = config;
  if (typeof region !== "string" || region === "") {
    return 'region is missing; Eucalyptus calls it "eucalyptus" unless its operator chose a name';
  }
  const endpoints = readEndpoints(config.endpoints);
  if (typeof endpoints === "string") return endpoints;
  const { autoscaling, ec2, elb, s3, sts } = endpoints;
  if (ec2 === undefined || s3 === undefined) {
    return `endpoints has no ${ec2 === undefined ? "ec2" : "s3"}; give e.g. [{ ec2: "https://cloud:8773/services/compute/", s3: "https://cloud:8773/services/objectstorage/" }]`;
  }
  for (const url of [autoscaling, ec2, elb, s3, sts]) {
    if (url !== undefined && !/^https?:\/\/[^/?#@]+(\/[^?#]*)?$/.test(url)) {
      return `endpoints: "${url}" is not an http or https URL without user and query`;
    }
  }
  // The services of one front end differ in the path only.
  const beside = (path: string) => new URL(`/services/${path}/`, ec2).href;
  return {
    region,
    autoScalingUrl: withSlash(autoscaling ?? beside("AutoScaling")),
    ec2Url: withSlash(ec2),
    elbUrl: withSlash(elb ?? beside("LoadBalancing")),
    s3Url: withSlash(s3),
    stsUrl: withSlash(sts ?? beside("Tokens")),
  };
}

interface Endpoints {
  readonly autoscaling?: string;
  readonly ec2?: string;
  readonly elb?: string;
  readonly s3?: string;
  readonly sts?: string;
}

/** The SDK sends the list as JSON text. */
function readEndpoints(value: Value | undefined): Endpoints | string {
  const missing = "endpoints is missing; this provider is for Eucalyptus, and has to be told where it is";
  if (value === undefined || isUnknown(value)) return missing;
  try {
    const list: unknown = typeof value === "string" ? JSON.parse(value) : value;
    const merged: Record<string, unknown> = Object.assign({}, ...(Array.isArray(list) ? list : []));
    const others = Object.entries(merged).filter(([, url]) => typeof url !== "string");
    if (others.length > 0) return `endpoints: ${others.map(([name]) => name).join(", ")} must be texts`;
    return Object.keys(merged).length === 0 ? missing : (merged as Endpoints);
  } catch {
    return "endpoints is not a list of endpoints";
  }
}

const withSlash = (url: string) => (url.endsWith("/") ? url : `${url}/`);
