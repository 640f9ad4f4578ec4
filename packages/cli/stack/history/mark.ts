/**
 * What our verbs write at the end of an update's message. It says of which commit the update was, all of it and nothing
 * beside: git's own flag cannot, since these verbs change the generation in the stack's file before they deploy.
 */
export interface Mark {
  readonly commit: string;
  /** Of a rollback only: the update that it went back to, and the commit that it left. */
  readonly to?: number;
  readonly from?: string;
}

const HASH = "[0-9a-f]{40,64}";
const MARK = new RegExp(`\\[planet:commit=(${HASH})(?: to=(\\d+))?(?: from=(${HASH}))?\\]$`);

export function withMark(message: string, { commit, to, from }: Mark): string {
  const back = `${to === undefined ? "" : ` to=${to}`}${from === undefined ? "" : ` from=${from}`}`;
  return `${message} [planet:commit=${commit}${back}]`;
}

export function readMark(message: string): Mark | undefined {
  const [, commit, to, from] = MARK.exec(message) ?? [];
  if (commit === undefined) return undefined;
  return { commit, ...(to !== undefined && { to: Number(to) }), ...(from !== undefined && { from }) };
}

export const withoutMark = (message: string): string => message.replace(MARK, "").trimEnd();
