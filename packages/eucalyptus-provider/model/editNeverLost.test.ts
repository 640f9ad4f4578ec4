import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { type CallFault, Killed } from "./testing/modelCloud.ts";
import { ModelEngine, type RunOptions, StepFailed, type Wanted } from "./testing/modelEngine.ts";
import { ModelStore } from "./testing/modelStore.ts";

const MINUTE = 60_000;
const KEY = "planet.ini";

interface Program {
  readonly bucket: string;
  /** Absent: the program has no such file any more. */
  readonly content?: string | undefined;
  /** Texts that planet:overwrite names. */
  readonly overwrite: readonly string[];
  /** A changed logical name, or the older object type. */
  readonly suffix: "" | "-renamed" | "-v1";
}

/** The project's own stack, as far as the bucket goes. */
function wanted({ bucket, content, overwrite, suffix }: Program): Wanted[] {
  const type = suffix === "-v1" ? "aws:s3/bucketObject:BucketObject" : "aws:s3/bucketObjectv2:BucketObjectv2";
  const object = (name: string, key: string, text: string) => ({
    name,
    type,
    inputs: () => ({ bucket, key, content: text, contentType: "text/plain" }),
  });
  const rescues = overwrite.map((text) => ({
    ...object(`rescued-${text}`, `objects/${text}`, text),
    inputs: () => ({
      bucket,
      key: `objects/${text}`,
      content: text,
      contentType: "text/plain",
      metadata: { "goes-with": "bucket" },
    }),
    retain: true,
  }));
  const bucketName = suffix === "-renamed" ? "bucket-renamed" : "bucket";
  return [
    { name: bucketName, type: "aws:s3/bucket:Bucket", inputs: () => ({ bucket }) },
    ...rescues,
    ...(content === undefined ? [] : [object(`live${suffix}`, KEY, content)]),
  ];
}

type Event =
  | { readonly kind: "edit"; readonly bucket: string; readonly text: string }
  | ({ readonly kind: "destroy" } & RunOptions)
  | ({
      readonly kind: "up";
      readonly isForced: boolean;
      readonly fault?: { readonly at: number; readonly kind: CallFault } | undefined;
    } & Program &
      RunOptions);

const oneBucket = fc.constant("b1");
const twoBuckets = fc.constantFrom("b1", "b2");
const text = fc.constantFrom("A", "B", "edit 1", "edit 2");
const refresh = fc.boolean();
const anyFault = fc.record({
  at: fc.nat({ max: 5 }),
  kind: fc.constantFrom<CallFault>("killed-before", "killed-after", "500-before", "500-after"),
});
const anyEvent = (bucket: fc.Arbitrary<string>): fc.Arbitrary<Event> =>
  fc.oneof(
    fc.record({ kind: fc.constant("edit" as const), bucket, text }),
    fc.record({ kind: fc.constant("destroy" as const), refresh }),
    fc.record({
      kind: fc.constant("up" as const),
      bucket,
      content: fc.option(text, { nil: undefined }),
      overwrite: fc.subarray(["A", "edit 1", "edit 2"]),
      suffix: fc.constantFrom("" as const, "-renamed" as const, "-v1" as const),
      isForced: fc.boolean(),
      fault: fc.option(anyFault, { nil: undefined }),
      lostWrite: fc.option(fc.nat({ max: 4 }), { nil: undefined }),
      refresh,
    }),
  );

async function happen(store: ModelStore, engine: ModelEngine, event: Event): Promise<void> {
  if (event.kind === "edit") return store.upload(event.bucket, KEY, event.text);
  store.begin(event.kind === "up" ? event.fault : undefined);
  if (event.kind === "destroy") return engine.destroy(event);
  // What the program has is in the repository; what planet:overwrite names may go, the kept copy with its bucket.
  for (const saved of [...event.overwrite, event.content ?? "A"]) store.save(saved);
  return engine.up(wanted(event), { ...event, replace: event.isForced ? `live${event.suffix}` : undefined });
}

/** Refused, failed and killed runs are part of every history; anything else is a mistake of the provider or of the model. */
async function tried(work: Promise<void>): Promise<void> {
  await work.catch((error: unknown) => {
    if (!(error instanceof Killed || error instanceof StepFailed)) throw error;
  });
}

test(
  "no history of edits, refreshes, updates and destroys loses a text that nobody saved",
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyEvent(twoBuckets), { maxLength: 10 }), async (history) => {
        const store = new ModelStore();
        const engine = new ModelEngine(store);
        for (const event of history) await tried(happen(store, engine, event));
        expect(store.losses).toEqual([]);
      }),
      { numRuns: 400 },
    );
  },
  MINUTE,
);

test(
  "after any history planet:overwrite of what is live is enough, and the next run has nothing to do",
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyEvent(oneBucket), { maxLength: 8 }), async (history) => {
        const store = new ModelStore();
        const engine = new ModelEngine(store);
        for (const event of history) await tried(happen(store, engine, event));
        const live = store.text("b1", KEY);
        const overwrite = live === undefined ? [] : [live];
        const program = wanted({ bucket: "b1", content: "C", overwrite, suffix: "" });
        for (let run = 0; run < 2; run += 1) {
          store.begin();
          await engine.up(program, { refresh: true });
        }
        expect(store.text("b1", KEY)).toBe("C");
        expect(engine.steps).toEqual([]);
      }),
      { numRuns: 200 },
    );
  },
  MINUTE,
);
