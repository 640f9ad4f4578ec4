import { type Command, createGroup } from "../../command.ts";
import { createBuild } from "./build.ts";
import { realSiteEdges, type SiteEdges } from "./edges.ts";
import { createServe } from "./serve.ts";

export const siteCommand = createSiteCommand(realSiteEdges);

export function createSiteCommand(edges: SiteEdges): Command {
  return createGroup({
    name: "site",
    summary: "Show on this machine what site/ looks like: no cloud, no deploy",
    actions: { build: createBuild(edges), serve: createServe(edges) },
    notes: [
      "  build   writes the website, by the engine that runs on the server",
      "  serve   shows it in a browser, and again whenever a file below site/ changes",
      "",
      "Feeds are read from the web and kept in .planet/site-cache; each is asked again after 15 minutes at the earliest.",
      "The sample blogs (*.blogs.test) are part of this checkout.",
    ],
  });
}
