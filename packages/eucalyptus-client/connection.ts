import type { CloudClock } from "./clock.ts";
import type { Credentials } from "./credentials.ts";

/** Where and as whom calls are made. One object for EC2, S3 and STS, so that what one learns of the clock serves all. */
export interface Connection {
  /** Free text on Eucalyptus, which checks neither region nor service of a signature. */
  readonly region: string;
  readonly credentials: Credentials;
  readonly clock: CloudClock;
  /** Ends waits and calls under way. */
  readonly cancelled?: AbortSignal | undefined;
  /** For a whole answer. @defaultValue 60,000 */
  readonly timeoutMs?: number | undefined;
  /** How often a harmless call is repeated when no answer came. @defaultValue 2 */
  readonly repeats?: number | undefined;
}
