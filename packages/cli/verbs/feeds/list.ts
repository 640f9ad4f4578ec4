import { readPlanetIni } from "@planet/content";
import { createAction, OperatorError } from "../../command.ts";
import { readIni } from "../../siteFolder.ts";
import { visible } from "../../text/visible.ts";

/** The subscriptions of site/planet.ini, in its order. */
export const listFeeds = createAction({
  options: { json: { type: "boolean", help: "for a script" } },
  async run({ values }, { checkout, out }) {
    const { config } = readPlanetIni(readIni(checkout));
    if (!config) {
      const next = "`npx planet feeds check` says why.";
      throw new OperatorError({ code: "PLANET_INI_UNREADABLE", what: "site/planet.ini cannot be read.", next });
    }
    const feeds = config.feeds.map(({ url, name, line, readingList }) => ({ url, name, line, readingList }));
    if (values.json) {
      out(`${JSON.stringify(feeds, null, 2)}\n`);
      return 0;
    }
    const width = Math.min(40, Math.max(0, ...feeds.map(({ name }) => name.length)));
    for (const { url, name, readingList } of feeds) {
      out(`${visible(name).padEnd(width)}  ${visible(url)}${readingList ? "  (reading list)" : ""}\n`);
    }
    return 0;
  },
});
