import type { CloudClock } from "./clock.ts";
import type { Credentials } from "./credentials.ts";
import type { Pace } from "./http/pace.ts";

/** Where and as whom calls are made. One object for EC2, S3 and STS, so that what one learns of the clock serves all. */
export interface Connection extends Manner {
  /** Free text on Eucalyptus, which checks neither region nor service of a signature. */
  readonly region: string;
  readonly credentials: Credentials;
  readonly clock: CloudClock;
}

/** How long and how often a call is made, and who hears of it. */
export interface Manner {
  /** Ends the repetition of calls. A call under way is finished: the id in its answer would be lost. */
  readonly cancelled?: AbortSignal | undefined;
  /** For one whole answer. @defaultValue 20,000 for what only reads, else 60,000 */
  readonly timeoutMs?: number | undefined;
  /** No call is repeated after this time; 0: none at all. @defaultValue 60,000 */
  readonly patienceMs?: number | undefined;
  /** Called when a call is repeated and, every ten seconds, while one has no answer. */
  readonly onWait?: ((text: string) => void) | undefined;
  /** Called after every try. */
  readonly onCall?: ((seen: SeenCall) => void) | undefined;
  /** For tests. @defaultValue real time and chance */
  readonly pace?: Pace | undefined;
}

/** One try of a call. Neither keys nor contents: it may be logged. */
export interface SeenCall {
  readonly action: string;
  /** 0: no answer. */
  readonly status: number;
  /** Of the error; "" for a good answer. */
  readonly code: string;
  /** "" when the answer had none. */
  readonly requestId: string;
  readonly ms: number;
  /** Counted from 1. */
  readonly attempt: number;
}
