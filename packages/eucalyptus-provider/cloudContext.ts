import type { AutoScaling, Ec2, Elb, NetworkMode, S3, Sts } from "@planet/eucalyptus-client";
import type { Logger } from "@planet/pulumi-plugin";
import type { RunLedger } from "./runLedger.ts";

/** All that a handler may touch besides its arguments. */
export interface CloudContext {
  readonly autoScaling: AutoScaling;
  readonly ec2: Ec2;
  readonly elb: Elb;
  readonly s3: S3;
  readonly sts: Sts;
  readonly mode: NetworkMode;
  readonly region: string;
  /** URL of the object storage with a trailing slash. */
  readonly s3Url: string;
  /** Twelve digits, asked once; "" where neither STS nor EC2 reports the account to these keys. */
  accountId(): Promise<string>;
  /** What this run did and saw so far. */
  readonly run: RunLedger;
  readonly log: Logger;
  /** Ends waits; calls under way are finished, so that no id is lost. */
  readonly cancelled: AbortSignal;
  /** For tests: real time otherwise. */
  readonly sleep: (ms: number) => Promise<void>;
  /** Eight hex digits, never the same twice. */
  readonly newDigits: () => string;
  /** Reads a file that an asset names. */
  readonly readFile: (path: string) => Promise<Uint8Array>;
}
