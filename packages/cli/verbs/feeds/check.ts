import { templateProblems } from "@planet/aggregator";
import { formatProblem, type SiteProblem, siteProblems } from "@planet/content";
import { createAction } from "../../command.ts";
import { readSiteFiles } from "../../siteFolder.ts";
import { visible } from "../../text/visible.ts";

/** Offline: what a deploy and the server would report about the files. @returns 1 when there is an error. */
export const checkFeeds = createAction({
  options: { json: { type: "boolean", help: "for a script" } },
  async run({ values }, { checkout, out, err }) {
    const files = readSiteFiles(checkout);
    const problems = [...siteProblems(files), ...(await templateProblems(files))];
    if (values.json) out(`${JSON.stringify(problems, null, 2)}\n`);
    else for (const problem of problems) out(`${visibleProblem(problem)}\n`);
    const errors = problems.filter(({ level }) => level === "error").length;
    err(`${errors} error(s), ${problems.length - errors} warning(s) in site/\n`);
    return errors > 0 ? 1 : 0;
  },
});

export const visibleProblem = (problem: SiteProblem): string => visible(formatProblem(problem));
