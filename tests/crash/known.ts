/**
 * What came of what is known to be the same: work whose key was seen is not done again. In memory only, since addresses,
 * keys and commits are those of one bench.
 */
export class Known<T> {
  /** How often something was known. */
  spared = 0;
  readonly #firsts = new Map<string, { readonly name: string; readonly value: T }>();

  /**
   * @param key undefined: it is like nothing else.
   * @returns whose result it is when it was done before.
   */
  async once(key: string | undefined, name: string, work: () => Promise<T>): Promise<{ value: T; sameAs?: string }> {
    const first = key === undefined ? undefined : this.#firsts.get(key);
    if (first) {
      this.spared++;
      return { value: first.value, sameAs: first.name };
    }
    const value = await work();
    if (key !== undefined) this.#firsts.set(key, { name, value });
    return { value };
  }
}
