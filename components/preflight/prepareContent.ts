import { templateProblems } from "@planet/aggregator";
import {
  contentDigest,
  formatProblem,
  pinnedManifest,
  type SiteFile,
  serializeManifest,
  siteProblems,
} from "@planet/content";
import type { ReadLive } from "@planet/content/live";
import { isCloudError } from "@planet/eucalyptus-client/publicObject";
import * as pulumi from "@pulumi/pulumi";
import { RefusedDeploy } from "../../settings/refusedDeploy.ts";
import type { Settings } from "../../settings/settings.ts";
import { type ContentFile, type Decision, decideContent } from "./decideContent.ts";
import { type Published, readPublished } from "./published.ts";
import { bucketRefusal, fileRefusals } from "./refusals.ts";

/** The content release of this deploy, allowed by the pre-flight. */
export interface Content {
  readonly files: readonly ContentFile[];
  readonly rescued: Decision["rescued"];
  /** Bytes of manifest.json. */
  readonly manifest: string;
  /** Hash and bytes of what a server that is pinned to this content release reads. */
  readonly digest: string;
  readonly pinned: string;
}

/**
 * The pre-flight: validates site/, reads what is published and live, and decides. It runs in preview and update
 * alike, before any resource is registered, so that a refusal leaves everything as it is.
 * @throws {RefusedDeploy} `SITE`, `UNREACHABLE`, `BUCKET`, `EDITED`.
 */
export async function prepareContent(
  settings: Pick<Settings, "stack" | "overwrite" | "leave">,
  site: readonly SiteFile[],
  bucketUrl: string,
  read: ReadLive,
): Promise<Content> {
  await checkSite(site);
  const names = site.map(({ name }) => name);
  const published = await readPublished(read, names, settings).catch((error: unknown) => unreachable(bucketUrl, error));
  const decision = decide(settings, site, bucketUrl, published);
  for (const warning of decision.warnings) void pulumi.log.warn(warning);
  for (const note of decision.notes) void pulumi.log.info(note);
  return {
    files: decision.files,
    rescued: decision.rescued,
    manifest: serializeManifest(decision.manifest),
    digest: contentDigest(decision.manifest),
    pinned: pinnedManifest(decision.manifest),
  };
}

/** A page of a proxy or a login is not the storage's answer either: as an empty bucket it would have nothing to lose. */
function unreachable(bucketUrl: string, error: unknown): never {
  if (!isCloudError(error)) throw error;
  throw new RefusedDeploy({
    code: "UNREACHABLE",
    what: `The object storage does not answer: ${bucketUrl}`,
    why: `Reason: ${error.message}`,
    next: "Check planet:endpoint and the network, proxies included; for the local cloud, `npm start` starts it. Nothing was changed.",
  });
}

async function checkSite(site: readonly SiteFile[]): Promise<void> {
  const problems = [...siteProblems(site), ...(await templateProblems(site))];
  const errors = problems.filter(({ level }) => level === "error");
  if (errors.length === 0) {
    for (const warning of problems) void pulumi.log.warn(formatProblem(warning));
    return;
  }
  throw new RefusedDeploy({
    code: "SITE",
    what: `site/ has ${errors.length === 1 ? "an error" : `${errors.length} errors`}:`,
    why: [...errors, ...problems.filter(({ level }) => level !== "error")]
      .map((problem) => `  ${formatProblem(problem)}`)
      .join("\n"),
    next: "Fix them and deploy again; `npx planet feeds check` looks at the files alone. Nothing was changed.",
  });
}

function decide(
  settings: Pick<Settings, "stack" | "overwrite" | "leave">,
  site: readonly SiteFile[],
  bucketUrl: string,
  published: Published,
): Decision {
  const place = { stack: settings.stack, bucketUrl };
  const refusal = bucketRefusal(published, place);
  if (refusal) throw new RefusedDeploy(refusal);
  const decision = decideContent({ ...settings, site, published });
  if (decision.refusals.length > 0) {
    throw new RefusedDeploy(fileRefusals(decision.refusals, published, { ...place, leave: settings.leave }));
  }
  return decision;
}
