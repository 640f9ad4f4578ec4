/** An answer, or why there is none: one question that fails must not hide the others. */
export type Asked<T> = { readonly value: T } | { readonly error: unknown };

export async function ask<T>(question: Promise<T>): Promise<Asked<T>> {
  try {
    return { value: await question };
  } catch (error) {
    return { error };
  }
}
