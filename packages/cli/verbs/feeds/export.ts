import { existsSync, readFileSync } from "node:fs";
import { exportOpml } from "@planet/aggregator";
import { createAction, OperatorError, UsageError } from "../../command.ts";
import { writeWhole } from "../../siteFolder.ts";
import { readConfig } from "./readConfig.ts";

/** The subscriptions of site/planet.ini as OPML, to stdout or into a file. */
export const exportFeeds = createAction({
  positionals: "[file.opml]",
  options: {},
  async run({ positionals: [path, ...more] }, { checkout, out, err }) {
    if (more.length > 0) throw new UsageError({ code: "NOT_ONE_TARGET", what: "name one file, or none" });
    const config = readConfig(checkout);
    const opml = await exportOpml(config);
    if (path === undefined) out(opml);
    else {
      refuseOther(path);
      writeWhole(path, Buffer.from(opml));
      err(`${config.feeds.length} feed(s) are in ${path}\n`);
    }
    return 0;
  },
});

/** An older list may be replaced; `feeds export site/planet.ini` is a slip. */
function refuseOther(path: string): void {
  if (!existsSync(path) || readFileSync(path, "utf8").slice(0, 2_000).includes("<opml")) return;
  const what = `${path} is there and is no OPML file.`;
  throw new OperatorError({ code: "NOT_AN_OPML_FILE", what, next: "Give another name. Nothing was changed." });
}
