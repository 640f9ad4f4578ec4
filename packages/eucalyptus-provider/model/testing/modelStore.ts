import { CloudError, type S3 } from "@planet/eucalyptus-client";
import { md5 } from "../../objects/content.ts";
import { liveObject } from "../../testing/facts.ts";
import { type CallFault, Killed } from "./modelCloud.ts";
import type { MortalCloud } from "./modelEngine.ts";

interface Stored {
  readonly text: string;
  readonly metadata: Readonly<Record<string, string>>;
}

type Calls = Pick<
  S3,
  | "createBucket"
  | "deleteBucket"
  | "deleteObject"
  | "getBucketAcl"
  | "getObjectAcl"
  | "headBucket"
  | "headObject"
  | "listBuckets"
  | "listObjects"
  | "putObject"
>;

const OWN = { ownerId: "me", grants: [] };

/**
 * Buckets as Eucalyptus keeps them, without its wire. It watches the one promise: a text that somebody put into a bucket by
 * hand is there as long as nobody has taken it into a program or allowed it to go.
 */
export class ModelStore implements MortalCloud {
  readonly mode = "vpc";
  readonly buckets = new Map<string, Map<string, Stored>>();
  readonly losses: string[] = [];
  readonly #saved = new Set<string>();
  readonly #edits = new Set<string>();
  #fault: { readonly at: number; readonly kind: CallFault } | undefined;
  #calls = 0;
  isDead = false;

  /** Begins a run of which the `at`-th changing call has a fault. */
  begin(fault?: { readonly at: number; readonly kind: CallFault }): void {
    this.#fault = fault;
    this.#calls = 0;
    this.isDead = false;
  }

  kill(): void {
    this.isDead = true;
  }

  newDigits(): string {
    return "00000000";
  }

  /** By hand, over whatever is there. */
  upload(bucket: string, key: string, text: string): void {
    const objects = this.buckets.get(bucket);
    if (!objects) return;
    this.#edits.delete(objects.get(key)?.text ?? "");
    objects.set(key, { text, metadata: {} });
    this.#edits.add(text);
  }

  /** The text is in somebody's repository, or may go. */
  save(text: string): void {
    this.#saved.add(text);
  }

  text(bucket: string, key: string): string | undefined {
    return this.buckets.get(bucket)?.get(key)?.text;
  }

  readonly s3: Calls = {
    listBuckets: () => this.#read(() => [...this.buckets.keys()].toSorted()),
    headBucket: (bucket) => this.#read(() => this.buckets.has(bucket)),
    getBucketAcl: () => this.#read(() => OWN),
    createBucket: (bucket) => this.#change(() => void this.buckets.set(bucket, this.buckets.get(bucket) ?? new Map())),
    deleteBucket: (bucket) =>
      this.#change(() => {
        if ((this.buckets.get(bucket)?.size ?? 0) > 0) throw refusal("BucketNotEmpty", 409);
        this.buckets.delete(bucket);
      }),

    listObjects: (bucket) =>
      this.#read(() => {
        const keys = [...(this.buckets.get(bucket)?.keys() ?? [])].toSorted();
        return keys.map((key) => ({ key, etag: "", size: 0, lastModified: new Date(0) }));
      }),
    headObject: (bucket, key) =>
      this.#read(() => {
        const found = this.buckets.get(bucket)?.get(key);
        return found && liveObject({ etag: md5(Buffer.from(found.text)), metadata: found.metadata });
      }),
    getObjectAcl: () => this.#read(() => OWN),
    putObject: ({ bucket, key, bytes, metadata = {} }) =>
      this.#change(() => {
        const objects = this.buckets.get(bucket);
        if (!objects) throw refusal("NoSuchBucket", 404);
        objects.set(key, { text: Buffer.from(bytes).toString(), metadata });
        return { etag: md5(bytes), versionId: "" };
      }),
    deleteObject: (bucket, key) => this.#change(() => void this.buckets.get(bucket)?.delete(key)),
  };

  async #read<T>(look: () => T): Promise<T> {
    if (this.isDead) throw new Killed();
    return look();
  }

  async #change<T>(act: () => T): Promise<T> {
    if (this.isDead) throw new Killed();
    const fault = this.#fault?.at === this.#calls++ ? this.#fault.kind : undefined;
    if (fault === "killed-before" || fault === "killed-after") this.isDead = true;
    if (fault === "killed-before") throw new Killed();
    if (fault === "500-before") throw refusal("InternalError", 500);
    const answer = act();
    this.#watch();
    if (fault === "killed-after") throw new Killed();
    if (fault === "500-after") throw refusal("InternalError", 500);
    return answer;
  }

  #watch(): void {
    const live = new Set(
      [...this.buckets.values()].flatMap((objects) => [...objects.values()].map(({ text }) => text)),
    );
    for (const text of this.#edits) if (!live.has(text) && !this.#saved.has(text)) this.losses.push(text);
  }
}

function refusal(code: string, status: number): CloudError {
  return new CloudError({ code, status, message: "as the test wants it", action: "call" });
}
