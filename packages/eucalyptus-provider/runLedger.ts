/*
 * One run of the engine has one plugin process for its cloud, so what the process remembers is what this run did.
 *
 * Who competes: within one run, a create that finds what it is to make (an association of the same pair, a bucket, an
 * object, a key pair, a rule), and the delete of an older entry of the state that means the very same thing: after
 * `up --replace`, `state taint`, another logical name, another spelling of the same input, or a replacement that an
 * earlier run began. The engine knows both only by their urns and ids. What guards: what was created, adopted or
 * confirmed in a run is never deleted in it.
 */

/** An object of the bucket that somebody changed since this stack wrote it. */
export interface LiveEdit {
  /** `bucket/key` */
  readonly place: string;
  readonly etag: string;
  readonly modified: Date | undefined;
}

/** What this run did and saw so far. Keys are a kind and a name that means one thing in the cloud: `key pair anna`. */
export class RunLedger {
  readonly #registered = new Set<string>();
  readonly #inState = new Set<string>();
  readonly #current = new Map<string, string>();
  /** Key → urns. */
  readonly #created = new Map<string, string>();
  readonly #confirmed = new Map<string, Set<string>>();
  readonly #givenUp = new Set<string>();
  readonly #saved = new Set<string>();
  readonly #written = new Set<string>();
  readonly #edits: LiveEdit[] = [];
  readonly #turns = new Map<string, Promise<unknown>>();
  readonly #claimants = new Map<string, string>();
  readonly #announcedKeyPairs = new Set<string>();

  /** The program has this resource: the engine checked it. A refresh and a destroy check nothing. */
  register(urn: string): void {
    this.#registered.add(urn);
  }

  isRegistered(urn: string): boolean {
    return this.#registered.has(urn);
  }

  registered(): readonly string[] {
    return [...this.#registered];
  }

  /** False in a destroy and in a mere refresh. */
  get hasProgram(): boolean {
    return this.#registered.size > 0;
  }

  /** The state has an entry of this id: the engine asked us about it, or is about to write it down. */
  noteInState(id: string): void {
    this.#inState.add(id);
  }

  isInState(id: string): boolean {
    return this.#inState.has(id);
  }

  /** What the program's resource is in the state now; a create under the same urn replaces it. */
  noteCurrent(urn: string, id: string): void {
    this.#current.set(urn, id);
  }

  currentId(urn: string): string | undefined {
    return this.#current.get(urn);
  }

  /** The program has what `key` names, and the state has it as it should be: its older twin in the state is not deleted. */
  confirm(key: string, urn: string): void {
    this.#confirmed.set(key, (this.#confirmed.get(key) ?? new Set()).add(urn));
  }

  /** Made or adopted in this run. What its urn had before is replaced, and no longer wanted. */
  create(key: string, urn: string): void {
    for (const urns of this.#confirmed.values()) urns.delete(urn);
    this.#created.set(key, urn);
  }

  /** The urn of the resource for which this run keeps what `key` names. */
  keeperOf(key: string): string | undefined {
    const [confirmed] = this.#confirmed.get(key) ?? [];
    return this.#created.get(key) ?? confirmed;
  }

  /** Which resource of the program asked first for what `key` names, for things that only one may ask for. */
  claimant(key: string, urn: string): string {
    const first = this.#claimants.get(key) ?? urn;
    this.#claimants.set(key, first);
    return first;
  }

  /** The stack no longer wants what `key` names, unless something else in the run keeps it. */
  giveUp(key: string): void {
    this.#givenUp.add(key);
  }

  isGivenUp(key: string): boolean {
    return this.#givenUp.has(key) && this.keeperOf(key) === undefined;
  }

  /** The very bytes with this ETag are an object of the program's, so their other copies may go. */
  save(bucket: string, etag: string): void {
    this.#saved.add(`${bucket} ${etag}`);
  }

  isSaved(bucket: string, etag: string): boolean {
    return this.#saved.has(`${bucket} ${etag}`);
  }

  /** An entry of this state says that we have written these bytes at `bucket/key`. */
  noteWritten(place: string, etag: string): void {
    this.#written.add(`${place} ${etag}`);
  }

  hasWritten(place: string, etag: string): boolean {
    return this.#written.has(`${place} ${etag}`);
  }

  noteEdit(edit: LiveEdit): void {
    this.#edits.push(edit);
  }

  /** Edits that a refresh saw, without what another entry of the state has written there. */
  get edits(): readonly LiveEdit[] {
    return this.#edits.filter(({ place, etag }) => !this.hasWritten(place, etag));
  }

  /** Does work on one thing after the other: two plans from the same look would each undo the other's half. */
  inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#turns.get(key) ?? Promise.resolve();
    const turn = before.then(work, work);
    this.#turns.set(key, turn);
    return turn;
  }

  /** A preview makes no key pair, and an instance of the same program may name it. */
  announceKeyPair(keyName: string): void {
    this.#announcedKeyPairs.add(keyName);
  }

  isAnnouncedKeyPair(keyName: string): boolean {
    return this.#announcedKeyPairs.has(keyName);
  }
}
