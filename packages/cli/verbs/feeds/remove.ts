import { IniEditError, readPlanetIni, removeFeed } from "@planet/content";
import { unifiedDiff } from "@planet/content/unifiedDiff";
import { createAction, OperatorError, UsageError } from "../../command.ts";
import { readIni, writeSiteFile } from "../../siteFolder.ts";
import { visible } from "../../text/visible.ts";
import { nextSteps } from "./nextSteps.ts";

/** Takes a feed out of planet.ini, by its URL or by a name that only one feed has. */
export const removeOne = createAction({
  positionals: "<url or name>",
  options: {},
  async run({ positionals }, { checkout, out, err }) {
    const [wanted, ...more] = positionals;
    if (wanted === undefined || more.length > 0) {
      throw new UsageError({ code: "NOT_ONE_FEED", what: "name one feed: its URL or its name" });
    }
    const before = readIni(checkout);
    const after = without(before, wanted);
    writeSiteFile(checkout, "planet.ini", after);
    out(`${visible(unifiedDiff("site/planet.ini", before.toString(), Buffer.from(after).toString()) ?? "")}\n`);
    err(nextSteps);
    return 0;
  },
});

function without(ini: Uint8Array, wanted: string): Uint8Array {
  const named = readPlanetIni(ini).config?.feeds.filter(({ name }) => name === wanted) ?? [];
  if (named.length > 1) {
    const urls = named.map(({ url }) => `  ${url}`).join("\n");
    throw new OperatorError({
      code: "FEED_AMBIGUOUS",
      what: `${named.length} feeds are called "${wanted}":`,
      why: urls,
      next: "Give the URL of one. Nothing was changed.",
    });
  }
  try {
    return removeFeed(ini, named[0]?.url ?? wanted);
  } catch (error) {
    if (!(error instanceof IniEditError)) throw error;
    const next = "`npx planet feeds list` shows what is there. Nothing was changed.";
    throw new OperatorError({ code: error.code, what: `${error.message}.`, next });
  }
}
