import type { SiteFile, SiteProblem } from "@planet/content";
import { linkedFiles } from "../render/linkedFiles.ts";
import { isTemplate } from "../render/templateNames.ts";
import { isDead } from "./textProblems.ts";

/** Files of a theme that were not brought along. `built`: names of the site. */
export function linkedFileProblems(files: readonly SiteFile[], built: readonly string[]): SiteProblem[] {
  const there = new Set([...built, ...files.map(({ name }) => name)]);
  return files
    .filter(({ name }) => isTemplate(name))
    .flatMap(({ name, bytes }) => {
      const text = Buffer.from(bytes).toString("utf8");
      const dead = linkedFiles(text).filter((address) => isDead(address, "index.html", there));
      return dead.map((address): SiteProblem => {
        const line = text.split("\n").findIndex((each) => each.includes(`"${address}"`)) + 1;
        return { file: name, line, level: "warning", text: `"${address}" leads to no file of the planet` };
      });
    });
}
