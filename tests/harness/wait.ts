/** Asks again until `look` gives something; the error names what was waited for and what was seen last. */
export async function waitFor<T>(
  what: string,
  limitSeconds: number,
  look: () => Promise<T | undefined | false>,
): Promise<T> {
  const end = Date.now() + limitSeconds * 1000;
  let last: unknown = "nothing yet";
  while (Date.now() < end) {
    try {
      const seen = await look();
      if (seen !== undefined && seen !== false) return seen;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error(`waited ${limitSeconds} s for ${what}; last: ${String(last)}`);
}
