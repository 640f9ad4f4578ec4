import type { Update } from "../updates.ts";

/** A commit's hash by a letter. */
export const commit = (letter: string): string => letter.repeat(40);

/** An update that succeeded, of commit `a`, unless `more` says otherwise. */
export function update(number: number, of: string, more: Partial<Update> = {}): Update {
  return {
    number,
    kind: "update",
    result: "succeeded",
    startTime: "2026-11-24T09:40:06.000Z",
    endTime: "2026-11-24T09:41:07.000Z",
    message: `change ${of}`,
    changed: true,
    commit: commit(of),
    clean: true,
    ...more,
  };
}

export function rollback(number: number, to: number, of: string, from: string): Update {
  return update(number, of, { mark: { commit: commit(of), to, from: commit(from) } });
}
