import { FORGOTTEN } from "@planet/content";
import { UploadError } from "../sync/upload.ts";
import { withoutPasswords } from "../text/withoutPasswords.ts";
import type { MemoryState, Trouble } from "./memoryState.ts";
import { UnreadableObjectError } from "./packed.ts";

/** So many failures, and the storage is not asked any more in this run. */
const FAILURES_LIMIT = 3;

/** What went wrong with one object. */
interface Failure {
  readonly code: Trouble["code"];
  readonly message: string;
  /** Nothing else can be written either. */
  readonly isFinal: boolean;
  /** It says nothing of other objects. */
  readonly isSingle: boolean;
}

interface TroubleFacts {
  readonly now: () => Date;
  readonly log: (line: string) => void;
}

/** A storage that does not say what is asked. */
export class StorageError extends Error {
  readonly code = "STORAGE";
}

/** What does not work in this run, by object; "" stands for what is no object's. */
export class Troubles {
  readonly #state: Pick<MemoryState, "prefix" | "trouble">;
  readonly #facts: TroubleFacts;
  readonly #found = new Map<string, Failure>();

  constructor(state: Pick<MemoryState, "prefix" | "trouble">, facts: TroubleFacts) {
    this.#state = state;
    this.#facts = facts;
  }

  add(name: string, code: Trouble["code"], reason: string, kind: Partial<Failure> = {}): void {
    const message = name === "" ? reason : `${this.#pathOf(name)}: ${reason}`;
    this.#found.set(name, { isFinal: false, isSingle: false, ...kind, code, message });
    this.#facts.log(withoutPasswords(`${code}: ${message}`));
  }

  addError(name: string, error: unknown): void {
    if (error instanceof UploadError) {
      this.add(name, "memory-unwritable", error.message, { isFinal: error.code === "REFUSED" });
      return;
    }
    const isKnown = error instanceof StorageError || error instanceof UnreadableObjectError;
    const reason = isKnown ? error.message : "it cannot be used";
    this.add(name, "memory-unreadable", reason, { isSingle: error instanceof UnreadableObjectError });
  }

  /** A storage that does not answer, or a permit that is refused, makes hundreds of requests wait in vain. */
  isHopeless(): boolean {
    const all = [...this.#found.values()];
    return all.some(({ isFinal }) => isFinal) || all.filter(({ isSingle }) => !isSingle).length >= FAILURES_LIMIT;
  }

  /** All of it in one; undefined when everything works. */
  summary(): Trouble | undefined {
    const [first] = this.#found.values();
    if (first === undefined) return undefined;
    const others = this.#found.size - 1;
    const message = others === 0 ? first.message : `${first.message}; and ${others} more`;
    return { code: first.code, message, since: this.#state.trouble?.since ?? this.#facts.now().toISOString() };
  }

  #pathOf(name: string): string {
    return name === FORGOTTEN ? name : `${this.#state.prefix}${name}`;
  }
}
