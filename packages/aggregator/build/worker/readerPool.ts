import { getHeapStatistics } from "node:v8";
import { Worker } from "node:worker_threads";
import { FetchError } from "../../fetch/errors.ts";
import { READY, type Reply, WORKER_ROLE } from "./entry.ts";
import type { Results, Task } from "./tasks.ts";

/** One document may take so long and no longer; the slowest known real one takes a second. */
const TASK_LIMIT_MS = 10_000;
/** A thread may take so long to begin: on a busy machine that says nothing about a document. */
const START_LIMIT_MS = 60_000;
/** On a small server, two thirds of what the main thread may use (install/memory.ts). */
const HEAP_LIMIT_MB = Math.min(256, Math.floor((getHeapStatistics().heap_size_limit / 1024 / 1024) * (2 / 3)));

interface Job {
  readonly id: number;
  readonly task: Task;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: FetchError) => void;
}

/**
 * A thread that reads foreign text. It does one task at a time, so that the one that runs too long or eats the heap is
 * known: that task fails, the thread is replaced, everything else goes on.
 */
export class ReaderPool {
  readonly #limitMs: number;
  readonly #queue: Job[] = [];
  #worker: Worker | undefined;
  #isReady = false;
  #running: Job | undefined;
  #timer: NodeJS.Timeout | undefined;
  #nextId = 0;

  constructor(limitMs: number = TASK_LIMIT_MS) {
    this.#limitMs = limitMs;
  }

  /** @throws {FetchError} the task's own, or `worker` when it ran too long or used too much memory. */
  run<Kind extends Task["kind"]>(task: Extract<Task, { kind: Kind }>): Promise<Results[Kind]> {
    return new Promise<Results[Kind]>((resolve, reject) => {
      const id = this.#nextId;
      this.#nextId += 1;
      this.#queue.push({ id, task, resolve: (result) => resolve(result as Results[Kind]), reject });
      this.#next();
    });
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }

  #next(): void {
    if (this.#running !== undefined) return;
    const job = this.#queue.shift();
    if (job === undefined) return;
    this.#running = job;
    this.#worker ??= this.#start();
    this.#startClock(this.#isReady ? this.#limitMs : START_LIMIT_MS);
    this.#worker.postMessage({ id: job.id, task: job.task });
  }

  #startClock(limitMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#replace("the feed takes too long to read"), limitMs);
  }

  #start(): Worker {
    this.#isReady = false;
    const worker = new Worker(workerSource(), {
      workerData: { role: WORKER_ROLE },
      resourceLimits: { maxOldGenerationSizeMb: HEAP_LIMIT_MB, maxYoungGenerationSizeMb: 8 },
    });
    worker.on("message", (message: Reply | typeof READY) => {
      if (this.#worker !== worker) return;
      if (message !== READY) this.#settle(message);
      else {
        this.#isReady = true;
        if (this.#running !== undefined) this.#startClock(this.#limitMs);
      }
    });
    worker.on("error", () => {
      if (this.#worker === worker) this.#replace("the feed uses too much memory");
    });
    // A run that ends early must not wait for an idle thread.
    worker.unref();
    return worker;
  }

  #settle(reply: Reply): void {
    const job = this.#running;
    if (job?.id !== reply.id) return;
    clearTimeout(this.#timer);
    this.#running = undefined;
    if ("code" in reply) job.reject(new FetchError(reply.code, reply.message));
    else job.resolve(reply.result);
    this.#next();
  }

  #replace(reason: string): void {
    clearTimeout(this.#timer);
    const [worker, job] = [this.#worker, this.#running];
    this.#worker = undefined;
    this.#running = undefined;
    void worker?.terminate();
    job?.reject(new FetchError("worker", reason));
    this.#next();
  }
}

/**
 * In the bundle everything is one CommonJS file, which starts itself again as the worker; from source Node runs the
 * TypeScript file. `__filename` exists only in the first case, `import.meta.url` only in the second.
 */
function workerSource(): string | URL {
  return typeof __filename === "string" ? __filename : new URL("./entry.ts", import.meta.url);
}
