import type { LiveManifest } from "@planet/content/live";
import type {
  Acl,
  Address,
  AutoScalingGroup,
  CallerIdentity,
  Image,
  Instance,
  InstanceType,
  KeyPair,
  MadeLaunchConfiguration,
  Platform,
  SecurityGroup,
} from "@planet/eucalyptus-client";
import type { Backend } from "../../stack/backend.ts";
import type { StackConfig } from "../../stack/config.ts";
import type { Lock } from "../../stack/locks.ts";
import type { StackState } from "../../stack/state.ts";
import type { Asked } from "./asked.ts";

/** What the tools on this machine are. */
export interface ToolFacts {
  readonly node: string;
  readonly cli: Asked<{ readonly path: string; readonly origin: "installed" | "downloaded" | "built" }>;
  /** Undefined in a PULUMI_HOME of the user's own. */
  readonly commandPlugin?: "official" | "ours" | "missing";
  readonly hasProviderPlugin: boolean;
}

/**
 * `wrong`: it does not decrypt the secrets of the stack's file. `opens`: it decrypts them, or the stack uses a secrets
 * provider other than a passphrase.
 */
export type PassphraseFacts = "missing" | "wrong" | "opens";

/** Where the state is kept. */
export interface StateFacts {
  readonly backend: Backend;
  readonly state: Asked<StackState>;
  /** Undefined when we cannot look into this kind of backend. */
  readonly locks: Asked<readonly Lock[] | undefined>;
  readonly passphrase: PassphraseFacts;
  readonly isCompressed: boolean;
}

/** What an endpoint says to somebody without keys. */
export interface EndpointFacts {
  readonly url: string;
  /** How far this machine's clock is ahead of the cloud's. */
  readonly aheadMs: Asked<number>;
  /** Undefined: the environment has none; the reason is in words. */
  readonly keys: Asked<{ readonly accessKeyId: string }>;
  /** Whether the environment has a key of its own for permits. */
  readonly hasSigner: boolean;
}

/** What the cloud says to the account. */
export interface CloudFacts {
  readonly platform: Asked<Platform>;
  readonly identity: Asked<CallerIdentity>;
  readonly buckets: Asked<readonly string[]>;
  readonly images: Asked<readonly Image[]>;
  readonly types: Asked<readonly InstanceType[]>;
  readonly keyPairs: Asked<readonly KeyPair[]>;
  readonly addresses: Asked<readonly Address[]>;
  readonly instances: Asked<readonly Instance[]>;
  readonly groups: Asked<readonly SecurityGroup[]>;
  /** Of Auto Scaling; many clouds have no such service. */
  readonly scalingGroups: Asked<readonly AutoScalingGroup[]>;
  readonly launchConfigurations: Asked<readonly MadeLaunchConfiguration[]>;
  /** The stack's own bucket: whether it is there, and some keys. */
  readonly bucket: Asked<{ readonly exists: boolean; readonly keys: readonly string[]; readonly acl?: Asked<Acl> }>;
  readonly manifest: Asked<LiveManifest>;
  /** What the servers have written, by the name of the folder, with its slash. */
  readonly memory: Asked<ReadonlyMap<string, { readonly objects: number; readonly bytes: number }>>;
  /** User-data by instance id, of the instances whose owner only their user-data shows. */
  readonly userData: ReadonlyMap<string, string>;
  /** The stack that a bucket of the account is published for, by the bucket's name; not of the stack's own bucket. */
  readonly publishers: ReadonlyMap<string, string>;
}

/** The stack that is examined. */
export interface Subject {
  readonly stack: string;
  readonly isLocal: boolean;
  /** The outermost thing the CLI could not read. Absent when it read everything, or is not installed. */
  readonly unread?: "backend" | "stack" | "settings";
  /** Absent when the CLI could not read it. */
  readonly config?: StackConfig;
  readonly state?: StackState;
}

/** One whose settings are known. */
export type Configured = Subject & { readonly config: StackConfig };
