import { type Command, type Context, createCommand } from "../../command.ts";
import { STACK } from "../../options.ts";
import { exitCodeOf, renderFindings } from "../../text/finding.ts";
import type { StatusFacts } from "./facts.ts";
import { judgeStatus } from "./judgeStatus.ts";
import { readStatus } from "./readStatus.ts";
import { statusReport } from "./statusReport.ts";

export const statusCommand = createStatusCommand(readStatus);

/** One screen: what readers get, what was deployed, what is in the repository, and what is left undone in between. */
export function createStatusCommand(read: (stack: string, context: Context) => Promise<StatusFacts>): Command {
  return createCommand({
    name: "status",
    summary: "Show address, server, content, edits in the bucket, feeds and the state; exit 1 when somebody has to act",
    options: { stack: STACK, json: { type: "boolean", help: "the findings, for a script" } },

    async run({ values }, context) {
      const facts = await read(values.stack, context);
      const findings = judgeStatus(facts);
      if (values.json) context.out(`${JSON.stringify(statusReport(facts, findings), null, 2)}\n`);
      else context.out(renderFindings(facts.stack, findings));
      return exitCodeOf(findings);
    },
  });
}
