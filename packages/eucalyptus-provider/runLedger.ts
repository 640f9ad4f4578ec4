/*
 * One run of the engine has one plugin process for its cloud, so what the process remembers is what this run did.
 *
 * Who competes: within one run, a create that finds what it is to make (an association of the same pair, a bucket, an
 * object, a key pair, a rule), and the delete of an older entry of the state that means the very same thing: after
 * `up --replace`, `state taint`, another logical name, another spelling of the same input, or a replacement that an
 * earlier run began. The engine knows both only by their urns and ids. What guards: what was created, adopted or
 * confirmed in a run is never deleted in it.
 */

/** Who keeps a thing: one entry of the state. */
export interface Keeper {
  readonly urn: string;
  readonly id: string;
}

/** An object of the bucket that somebody changed since this stack wrote it. */
export interface LiveEdit {
  /** `bucket/key` */
  readonly place: string;
  readonly etag: string;
  readonly modified: Date | undefined;
}

interface Claim extends Keeper {
  /** Made or adopted in this run; otherwise it was in the state, and the program wants it as it is. */
  readonly isNew: boolean;
}

/** What this run did and saw so far. Keys are a kind and a name that means one thing in the cloud: `key pair anna`. */
export class RunLedger {
  readonly #registered = new Set<string>();
  readonly #inState = new Set<string>();
  readonly #current = new Map<string, string>();
  readonly #claims = new Map<string, Claim[]>();
  readonly #givenUp = new Set<string>();
  readonly #saved = new Set<string>();
  readonly #edits: LiveEdit[] = [];
  readonly #announcedKeyPairs = new Set<string>();

  /** The program has this resource: the engine checked it. A refresh and a destroy check nothing. */
  register(urn: string): void {
    this.#registered.add(urn);
  }

  isRegistered(urn: string): boolean {
    return this.#registered.has(urn);
  }

  /** False in a destroy and in a mere refresh. */
  get hasProgram(): boolean {
    return this.#registered.size > 0;
  }

  /** The state has an entry of this id: the engine asked us about it. */
  noteInState(id: string): void {
    this.#inState.add(id);
  }

  isInState(id: string): boolean {
    return this.#inState.has(id);
  }

  /** What the program's resource is in the state now; a create under the same urn replaces it. */
  noteCurrent({ urn, id }: Keeper): void {
    this.#current.set(urn, id);
  }

  currentId(urn: string): string | undefined {
    return this.#current.get(urn);
  }

  /** From now on nothing of this run may delete what `key` names, but its keeper's own end. */
  keep(key: string, keeper: Keeper, how: "created" | "confirmed"): void {
    const claim = { urn: keeper.urn, id: keeper.id, isNew: how === "created" };
    this.#claims.set(key, [...(this.#claims.get(key) ?? []), claim]);
  }

  /**
   * Who keeps what `key` names, when it is not the asking entry of the state alone. What was created in this run is kept
   * against the asking entry too: the successor of a forced replacement has its urn and may have its id.
   */
  keeperOf(key: string, asking: Keeper): Keeper | undefined {
    const claims = this.#claims.get(key) ?? [];
    return claims.find(({ urn, id, isNew }) => isNew || urn !== asking.urn || id !== asking.id);
  }

  /** Whether anything in this run keeps what `key` names. */
  isKept(key: string): boolean {
    return this.#claims.has(key);
  }

  /** The stack no longer wants what `key` names, unless something else in the run keeps it. */
  giveUp(key: string): void {
    this.#givenUp.add(key);
  }

  isGivenUp(key: string): boolean {
    return this.#givenUp.has(key) && !this.isKept(key);
  }

  /** The very bytes with this ETag are an object of the program's, so their other copies may go. */
  save(bucket: string, etag: string): void {
    this.#saved.add(`${bucket} ${etag}`);
  }

  isSaved(bucket: string, etag: string): boolean {
    return this.#saved.has(`${bucket} ${etag}`);
  }

  noteEdit(edit: LiveEdit): void {
    this.#edits.push(edit);
  }

  get edits(): readonly LiveEdit[] {
    return this.#edits;
  }

  /** A preview makes no key pair, and an instance of the same program may name it. */
  announceKeyPair(keyName: string): void {
    this.#announcedKeyPairs.add(keyName);
  }

  isAnnouncedKeyPair(keyName: string): boolean {
    return this.#announcedKeyPairs.has(keyName);
  }
}
