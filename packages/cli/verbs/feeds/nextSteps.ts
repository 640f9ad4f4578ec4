/** Said after every edit of site/planet.ini. */
export const nextSteps = [
  "site/planet.ini is changed, nothing is published yet. Next:",
  "  npx planet preview     what the deploy would do",
  "  git commit site        and, without a workflow that deploys main: npx planet up",
  "",
].join("\n");
