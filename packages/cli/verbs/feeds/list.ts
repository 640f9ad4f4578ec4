import { createAction } from "../../command.ts";
import { visible } from "../../text/visible.ts";
import { readConfig } from "./readConfig.ts";

/** The subscriptions of site/planet.ini, in its order. */
export const listFeeds = createAction({
  options: { json: { type: "boolean", help: "for a script" } },
  async run({ values }, { checkout, out }) {
    const feeds = readConfig(checkout).feeds.map(({ url, name, line, readingList }) => ({
      url,
      name,
      line,
      readingList,
    }));
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
