import { type Command, type Context, createCommand } from "../../command.ts";
import { STACK } from "../../options.ts";
import { exitCodeOf, renderFindings } from "../../text/finding.ts";
import { judgeDoctor } from "./judgeDoctor.ts";
import { type DoctorFacts, readDoctor } from "./readDoctor.ts";

export const doctorCommand = createDoctorCommand(readDoctor);

/** Looks at everything that a deploy needs and says for each problem what to do. Changes nothing in the cloud. */
export function createDoctorCommand(read: (stack: string, context: Context) => Promise<DoctorFacts>): Command {
  return createCommand({
    name: "doctor",
    summary: "Check tools, state, endpoint, keys, clock, image, address and bucket; exit 1 at any problem",
    options: { stack: STACK, json: { type: "boolean", help: "the findings, for a script" } },

    async run({ values }, context) {
      const facts = await read(values.stack, context);
      const findings = judgeDoctor(facts);
      const { stack } = facts.subject;
      const isWell = exitCodeOf(findings) === 0;
      if (values.json) context.out(`${JSON.stringify({ stack, well: isWell, findings }, null, 2)}\n`);
      else context.out(renderFindings(stack || "this checkout", findings));
      return exitCodeOf(findings);
    },
  });
}
