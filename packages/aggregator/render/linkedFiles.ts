/** Without a value of the feeds in it, which nobody knows here. */
const LINKED = /\bsrc="([^"<{]+)"|\bhref="([^"<{]+\.css)"/gi;
/** Another server's, or from a place that the planet's own folder does not decide. */
const ELSEWHERE = /^(?:[a-z][a-z0-9+.-]*:|\/|\.\.\/|#)/i;

/** Pictures and style sheets that a template writes out, as it writes them. */
export const linkedFiles = (template: string): string[] => [
  ...new Set(
    [...template.matchAll(LINKED)]
      .map(([, source, sheet]) => source ?? sheet ?? "")
      .filter((name) => !ELSEWHERE.test(name)),
  ),
];
