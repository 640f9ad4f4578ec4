import type { Change } from "../../change/change.ts";
import { previewChange, realPreviewEdges } from "../../change/previewChange.ts";
import { reportOf } from "../../change/report.ts";
import { renderTerminal } from "../../change/terminal.ts";
import { type Command, type Context, createCommand, OperatorError } from "../../command.ts";
import { type OperationEdges, realOperationEdges } from "../../deploy/edges.ts";
import { agree } from "../../deploy/options.ts";
import { stepTeller } from "../../deploy/progress.ts";
import { refuseLocked } from "../../deploy/refuseLocked.ts";
import { STACK } from "../../options.ts";
import { hostOf, judgeCertificate } from "../../page/judgeCertificate.ts";
import { pageUrl } from "../../page/readServed.ts";
import { balancerAddress, stackName } from "../../stack/outputs.ts";
import { streamPulumi } from "../../stack/runPulumi.ts";
import { readStackSettings } from "../../stack/settings.ts";
import type { Finding } from "../../text/finding.ts";
import { record } from "../../text/json.ts";
import { visible } from "../../text/visible.ts";
import { type Wanted, waitForReaders } from "./waitForReaders.ts";

/** What `planet up` needs of the world. */
export interface UpEdges extends Pick<OperationEdges, "read" | "locks" | "confirm" | "page" | "sleep"> {
  readonly preview: (stack: string, context: Context) => Promise<Change>;
  readonly stream: typeof streamPulumi;
  readonly now: () => number;
}

export const upCommand = createUpCommand({
  ...realOperationEdges,
  preview: (stack, context) => previewChange({ stack, refresh: false }, realPreviewEdges, context),
  stream: streamPulumi,
  now: Date.now,
});

/** A deploy in words: what changes, how far it is, and since when readers see it. */
export function createUpCommand(edges: UpEdges): Command {
  return createCommand({
    name: "up",
    summary: "Deploy: say what changes, ask, deploy, and wait until readers see it",
    options: { yes: { type: "boolean", help: "do not ask" }, stack: STACK },

    async run({ values }, context) {
      const stack = await stackName(values.stack, edges, context);
      await refuseLocked(stack, edges, context);
      const change = await edges.preview(stack, context);
      context.err(renderTerminal(shortReport(change)));
      if (change.verdict === "refused" || change.verdict === "failed") return 1;
      if (change.verdict === "nothing") return 0;
      await agree("Deploy?", { yes: values.yes }, edges);
      await deploy(stack, edges, context);
      return change.server?.kind === "removed" ? 0 : await reportReaders(stack, edges, context);
    },
  });
}

/** Differences and user-data are `planet preview`'s; a refusal keeps its text. */
function shortReport({ server, files, ...change }: Change) {
  const { userDataDiff: _, ...shortServer } = server ?? { kind: "first", reasons: [] };
  const shortFiles = files.map(({ diff: _diff, ...file }) => file);
  const report = reportOf({ ...change, files: shortFiles, ...(server && { server: shortServer }) });
  return change.problems.length > 0 ? report : { ...report, footer: [] };
}

async function deploy(stack: string, { stream }: UpEdges, context: Context): Promise<void> {
  const args = ["up", "--yes", "--skip-preview", "--json", "--stack", stack];
  const { code, isInterrupted } = await stream(args, context, stepTeller(context));
  if (code === 0) return;
  throw new OperatorError({
    code: isInterrupted ? "UP_INTERRUPTED" : "UP_FAILED",
    what: isInterrupted ? "The update was interrupted." : "The update failed; its reason is above.",
    next:
      "What served before still does, unless the address has moved already: " +
      `\`npx planet status --stack ${stack}\` says which server readers get and what is left to do.`,
    exitCode: 3,
  });
}

async function reportReaders(stack: string, edges: UpEdges, context: Context): Promise<number> {
  const wanted = await readWanted(stack, edges, context);
  context.err("• waits until the page shows it\n");
  const begin = edges.now();
  const seen = await waitForReaders(wanted, edges);
  if (seen.kind === "seen") {
    const waited = Math.round((edges.now() - begin) / 1000);
    const https = await readHttps(stack, wanted, edges);
    const link =
      https === undefined || https.isInEffect ? wanted.shownUrl : wanted.shownUrl.replace(/^https:/, "http:");
    context.out(`Readers see it since ${seen.since.toISOString().slice(11, 19)} UTC (waited ${waited} s): ${link}\n`);
    if (https !== undefined) context.err(visible(`• ${describeHttps(https.finding)}\n`));
    return 0;
  }
  const why =
    seen.kind === "rejected" ? `The server does not take it: ${seen.why}.` : `Readers do not see it yet: ${seen.last}.`;
  throw new OperatorError({
    code: "NOT_SEEN_BY_READERS",
    what: "The update succeeded.",
    why: visible(why),
    next: `\`npx planet status --stack ${stack}\` says what to do.`,
    exitCode: 3,
  });
}

interface Https {
  readonly isInEffect: boolean;
  readonly finding: Finding;
}

/** A deploy waits for no certificate and does not fail by one: what there is is said. Undefined for a planet without a host. */
async function readHttps(stack: string, { url, shownUrl }: ShownWanted, edges: UpEdges): Promise<Https | undefined> {
  const host = hostOf(shownUrl);
  const served = host === undefined ? undefined : await edges.page(url);
  if (host === undefined || served?.kind !== "planet") return undefined;
  const { status, at } = served;
  const isInEffect = status.certificate?.isInEffect ?? false;
  return { isInEffect, finding: judgeCertificate(status, { host, stack, at }) };
}

const describeHttps = ({ level, text, next }: Finding): string =>
  `${level === "problem" ? "https: " : ""}${text}${next === undefined ? "" : `\n  ${next}`}`;

type ShownWanted = Wanted & {
  /** The planet's own URL, as people write it. */
  readonly shownUrl: string;
};

async function readWanted(stack: string, { read }: UpEdges, context: Context): Promise<ShownWanted> {
  const { stdout } = await read(["stack", "output", "--json", "--non-interactive", "--stack", stack], context);
  const { url = "", address = "", dnsName, release = "", contentDigest = "" } = record(JSON.parse(stdout));
  const place =
    typeof dnsName === "string"
      ? await balancerAddress(dnsName, (await readStackSettings(read, stack, context)).endpoint)
      : String(address);
  return {
    url: pageUrl({ address: place }),
    shownUrl: String(url),
    release: String(release),
    contentDigest: String(contentDigest),
  };
}
