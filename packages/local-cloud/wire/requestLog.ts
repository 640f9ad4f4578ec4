import type { ServerResponse } from "node:http";
import type { Service } from "../faults/answerFaults.ts";

/** One request and what became of it. It holds no secret: no key, signature, user-data, body. */
export interface LoggedRequest {
  /** Counts from 1; a gap means that older ones are forgotten. */
  readonly id: number;
  readonly time: string;
  readonly durationMs: number;
  /** Address of the client, or the instance that has it. */
  readonly source: string;
  /** The user that signed it; `nobody` has not, and who is not proven is `-`. */
  readonly caller: string;
  readonly service: Service | "metadata" | "-";
  /** As EC2 or S3 names it; the verb and path of what came no further. */
  readonly action: string;
  readonly parameters: string;
  /** 0: the connection ended without an answer. */
  readonly status: number;
  /** Of a refusal. */
  readonly code: string;
  /** The fault that it met. */
  readonly fault: string;
}

/** What becomes known of a request while it is answered. */
export type RequestNotes = {
  -readonly [Key in "caller" | "service" | "action" | "parameters" | "code" | "fault"]: LoggedRequest[Key];
};

/** How many requests are remembered. */
const KEPT = 1_000;

/** The last requests, in memory. */
export class RequestLog {
  readonly #entries: LoggedRequest[] = [];
  readonly #listeners = new Set<(entry: LoggedRequest) => void>();
  readonly #now: () => Date;
  #count = 0;

  constructor(now: () => Date) {
    this.#now = now;
  }

  get entries(): readonly LoggedRequest[] {
    return this.#entries;
  }

  /** @returns what to call to hear no more */
  subscribe(listener: (entry: LoggedRequest) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Its entry is written when the answer, or the connection, has ended. */
  begin(source: string, action: string, response: ServerResponse): RequestNotes {
    const notes: RequestNotes = { caller: "-", service: "-", action, parameters: "", code: "", fault: "" };
    const time = this.#now().toISOString();
    const start = performance.now();
    response.once("close", () => {
      const durationMs = Math.round(performance.now() - start);
      const status = response.headersSent ? response.statusCode : 0;
      this.#count += 1;
      this.#add({ id: this.#count, time, durationMs, source, ...notes, status });
    });
    return notes;
  }

  #add(entry: LoggedRequest): void {
    this.#entries.push(entry);
    if (this.#entries.length > KEPT) this.#entries.shift();
    for (const listener of this.#listeners) listener(entry);
  }
}
