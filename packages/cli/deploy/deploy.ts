import type { Context } from "../command.ts";
import { describeProof, type Proof, proofJson } from "../page/proof.ts";
import { type Deployment, readDeployment } from "../stack/outputs.ts";
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
  const probe = edges.startProbe(new URL("status.json", before.url).href, REQUESTS_PER_SECOND);
  const args = ["up", "--refresh", "--yes", "--skip-preview", "--stack", stack, "--message", message];
  let code: number;
  try {
    code = await edges.run(args, context, { quiet: json, ...(cwd !== undefined && { cwd }) });
    await edges.sleep(MARGIN_MS);
  } finally {
    await probe.stop();
  }
  const after = await readDeployment(stack, edges, context);
  return { succeeded: code === 0, proof: { before, after, probe: probe.report() } };
}

/** The end of a verb that succeeded. */
export function showProof(proof: Proof, more: Record<string, unknown>, json: boolean, { out }: Context): void {
  out(json ? `${JSON.stringify({ ...more, ...proofJson(proof) }, null, 2)}\n` : `\n${describeProof(proof)}`);
}
