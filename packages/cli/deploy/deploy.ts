import type { Context } from "../command.ts";
import { type NotYet, notYetOf } from "../page/notYet.ts";
import { describeProof, type Proof, proofJson } from "../page/proof.ts";
import { pageUrl, type Served } from "../page/readServed.ts";
import { type Deployment, readDeployment } from "../stack/outputs.ts";
import { visible } from "../text/visible.ts";
import type { OperationEdges } from "./edges.ts";

export interface DeployRequest {
  readonly stack: string;
  readonly before: Deployment;
  readonly message: string;
  /** A folder with another version of the program. */
  readonly cwd?: string;
  /** stdout is for a program. */
  readonly json: boolean;
}

export interface Deployed {
  readonly succeeded: boolean;
  readonly proof: Proof;
}

/** As separate readers, and few enough for any server; a gap below a tenth of a second is not seen. */
const REQUESTS_PER_SECOND = 10;
/** Readers before the first step and after the last one belong to it. */
const MARGIN_MS = 2_000;

/** Runs `pulumi up` while readers ask from outside. */
export async function deployProbed(request: DeployRequest, edges: OperationEdges, context: Context): Promise<Deployed> {
  const { stack, before, message, cwd, json } = request;
  const old = await edges.page(pageUrl(before));
  const probe = edges.startProbe(new URL("status.json", pageUrl(before)).href, REQUESTS_PER_SECOND);
  const args = ["up", "--refresh", "--yes", "--skip-preview", "--stack", stack, "--message", message];
  let code: number;
  try {
    code = await edges.run(args, context, { quiet: json, ...(cwd !== undefined && { cwd }) });
    await edges.sleep(MARGIN_MS);
  } finally {
    await probe.stop();
  }
  const after = await readDeployment(stack, edges, context);
  const notYet = code === 0 && after ? compared(old, await edges.page(pageUrl(after))) : undefined;
  return { succeeded: code === 0, proof: { before, after, notYet, probe: probe.report() } };
}

/** Names are an editor's, and go to a terminal. */
function compared(old: Served, now: Served): NotYet | undefined {
  if (old.kind !== "planet" || now.kind !== "planet") return undefined;
  const { feeds, ...sums } = notYetOf(old.status, now.status);
  return { ...sums, feeds: feeds.map((feed) => ({ ...feed, name: visible(feed.name), url: visible(feed.url) })) };
}

/** The end of a verb that succeeded. */
export function showProof(proof: Proof, more: Record<string, unknown>, json: boolean, { out }: Context): void {
  out(json ? `${JSON.stringify({ ...more, ...proofJson(proof) }, null, 2)}\n` : `\n${describeProof(proof)}`);
}
