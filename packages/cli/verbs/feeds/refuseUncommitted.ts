import { type Context, OperatorError } from "../../command.ts";
import type { FeedsEdges } from "./edges.ts";
import type { PulledFile } from "./planPull.ts";

/** A file that git does not have would be lost for good. */
export async function refuseUncommitted(
  pulled: readonly PulledFile[],
  force: boolean,
  { checkout }: Context,
  { uncommitted }: FeedsEdges,
): Promise<void> {
  const overwritten = pulled.filter(({ after, before }) => after && before).map(({ name }) => name);
  if (force || overwritten.length === 0) return;
  const open = await uncommitted(checkout);
  const lost = open === undefined ? overwritten : overwritten.filter((name) => open.includes(name));
  if (lost.length === 0) return;
  throw new OperatorError({
    code: "WOULD_OVERWRITE",
    what: `Files of site/ would be overwritten: ${lost.join(", ")}.`,
    why: open === undefined ? "There is no git work tree to keep them." : "They have changes that are not committed.",
    next: "Commit them first, or repeat with --yes. Nothing was changed.",
  });
}
