import type { Context } from "../../command.ts";
import type { OperationEdges } from "../../deploy/edges.ts";
import { pageUrl } from "../../page/readServed.ts";
import type { Deployment } from "../../stack/outputs.ts";
import { type Judgement, judge } from "./judge.ts";

/** A server is not replaced for one lost request: each look has to say the same. */
const LOOKS = 3;
const PAUSE_MS = 2_000;

/** Looks until all is well, or has not been several times in a row. */
export async function look(
  stack: string,
  deployed: Deployment,
  { cloud, page, sleep }: OperationEdges,
  context: Context,
): Promise<Judgement> {
  for (let count = 1; ; count++) {
    const judgement = judge({
      deployed,
      cloud: await cloud(stack, deployed, context),
      page: await page(pageUrl(deployed)),
    });
    if (judgement.verdict !== "broken" || count === LOOKS) return judgement;
    await sleep(PAUSE_MS);
  }
}
