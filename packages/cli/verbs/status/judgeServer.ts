import { isStale, type ServedFeed, type ServedStatus } from "@planet/content";
import { quote } from "../../../../userdata/render.ts";
import { hostOf, judgeCertificate } from "../../page/judgeCertificate.ts";
import { duration } from "../../text/duration.ts";
import { type Finding, note, ok, problem } from "../../text/finding.ts";
import type { BalancedServers, StatusFacts } from "./facts.ts";

/** More lines of one kind hide the rest of the screen. */
const LIST_LIMIT = 8;

/** Address, server and page: what readers get, and whether it is what was deployed. */
export function judgeServer(facts: StatusFacts): Finding[] {
  const { stack, state, served } = facts;
  const { dnsName, instanceId = dnsName === undefined ? "" : "several servers", release = "" } = state.outputs;
  const address = dnsName ?? state.outputs.address ?? "";
  if (!served) {
    return [problem("address", "nothing is deployed yet", `npx pulumi up --stack ${stack}`)];
  }
  const recover = `npx planet recover --stack ${stack}`;
  // After an update that failed, the server before it usually still runs: going back boots nothing.
  const hasFailed = facts.lastUpdate?.result === "failed";
  const wayOut = hasFailed ? `npx planet rollback --stack ${stack}, or: ${recover}` : recover;
  if (served.kind === "silent") {
    const text = `${address} does not answer (${served.reason}); deployed there: ${instanceId}, release ${release}`;
    return [problem("address", text, `${wayOut}   (recover shows what is gone or does not serve, and replaces it)`)];
  }
  if (served.kind === "other") {
    const text = `${address} answers with status ${served.http}, not with a planet; deployed there: ${instanceId}`;
    return [problem("address", text, wayOut)];
  }
  const { status, at } = served;
  const host = hostOf(state.outputs.url ?? "");
  return [
    ok("address", `${address} answers`),
    ...(facts.servers
      ? judgeBalanced(facts.servers, { stack, release }, hasFailed)
      : [judgeInstance(status, { stack, instanceId, release }, hasFailed)]),
    judgePage(status, at, recover),
    ...(host === undefined ? [] : [judgeCertificate(status, { host, stack, at })]),
    ...status.degraded.map(({ name, code, message }) =>
      problem(
        "page",
        `${name === "" ? code : `${name}: ${code}`}: ${message}`,
        `http://${address}/feeds.html has more`,
      ),
    ),
    ...judgeFeeds(status),
  ];
}

/** Several answer in turn. The group replaces one that is dead, without a command. */
function judgeBalanced(
  { wanted, seen, failed }: BalancedServers,
  of: { readonly stack: string; readonly release: string },
  hasFailed: boolean,
): Finding[] {
  const current = seen.filter(({ release }) => release === of.release);
  const others = [...new Set(seen.map(({ release }) => release))].filter((release) => release !== of.release);
  const names = current.map(({ instanceId }) => instanceId || "one").join(", ") || "none";
  const text = `${current.length} of ${wanted} servers answer with release ${of.release}: ${names}`;
  const up = `npx pulumi up --stack ${of.stack}`;
  const wait = `wait some minutes: the group makes another one; npx planet doctor --stack ${of.stack} asks the cloud`;
  const isWhole = current.length >= wanted;
  return [
    isWhole ? ok("servers", text) : hasFailed ? note("servers", text, up) : problem("servers", text, wait),
    ...(others.length === 0
      ? []
      : [note("servers", `release ${others.join(", ")} answers, too: an update did not come to its end`, up)]),
    ...(failed === 0
      ? []
      : [
          note(
            "servers",
            `${failed} of the questions failed: a dead server is asked until the balancer's checks have seen it`,
          ),
        ]),
  ];
}

function judgeInstance(
  { release, instanceId }: ServedStatus,
  wanted: { readonly stack: string; readonly instanceId: string; readonly release: string },
  hasFailed: boolean,
): Finding {
  const text = `${instanceId || "a server"} serves release ${release}`;
  const isSame = release === wanted.release && (instanceId === "" || instanceId === wanted.instanceId);
  if (isSame) return ok("server", text);
  // What the outputs name then is the server of that update.
  if (hasFailed) return note("server", `${text}, from before the update that failed`);
  const expected = `deployed was ${wanted.instanceId}, release ${wanted.release}`;
  return problem("server", `${text}; ${expected}`, `npx pulumi up --stack ${wanted.stack}`);
}

function judgePage(status: ServedStatus, at: Date, recover: string): Finding {
  const { entries, generatedMs, intervalMs } = status;
  const text = `${entries} entries, made ${duration(at.getTime() - generatedMs)} ago, renewed every ${duration(intervalMs)}`;
  if (!isStale(status, at)) return ok("page", text);
  return problem("page", `${text}: it is no longer being rebuilt`, recover);
}

/** One failing feed is its owner's problem; if all fail, the server's network is. */
function judgeAnswers(feeds: readonly ServedFeed[], bad: readonly ServedFeed[]): Finding {
  const summary = `${feeds.length - bad.length} of ${feeds.length} feeds answer`;
  if (bad.length * 2 <= feeds.length) return ok("feeds", summary);
  if (bad.length < feeds.length) return note("feeds", `only ${summary}`);
  return problem(
    "feeds",
    `${summary}; the server's own network or name service is the likely reason`,
    `ask one from here (curl -I ${quote(bad[0]?.url ?? "")}); if it answers, look at the cloud's network and name service`,
  );
}

function judgeFeeds({ feeds }: ServedStatus): Finding[] {
  const bad = feeds.filter(({ state }) => !["ok", "unchanged", "moved"].includes(state));
  const overdue = bad.filter(({ needsAttention }) => needsAttention);
  const others = bad.filter(({ needsAttention }) => !needsAttention);
  const shown = [...overdue.slice(0, LIST_LIMIT).map(overdueFeed), ...others.slice(0, LIST_LIMIT).map(badFeed)];
  const more = bad.length - shown.length;
  const moved = feeds.filter(({ state, movedTo }) => state === "moved" && movedTo !== "").slice(0, LIST_LIMIT);
  return [
    judgeAnswers(feeds, bad),
    ...shown,
    ...(more > 0 ? [note("feeds", `and ${more} more`)] : []),
    ...moved.map(({ name, movedTo }) => note("feeds", `${name} has moved to ${movedTo}`)),
  ];
}

/** It fails for longer than planet.ini's report_after: somebody has to decide about it. */
function overdueFeed({ name, url, state, reason, failingSince }: ServedFeed): Finding {
  const text = `${labelOf({ name, url })} has been failing since ${failingSince.slice(0, 10)}: ${reason || state}`;
  return problem(
    "feeds",
    text,
    `ask its owner, correct its address in site/planet.ini, or: npx planet feeds remove ${quote(url)}`,
  );
}

const labelOf = ({ name, url }: Pick<ServedFeed, "name" | "url">) => (name === "" ? url : `${name} (${url})`);

function badFeed({ name, url, state, reason, lastOk, failures }: ServedFeed): Finding {
  const label = labelOf({ name, url });
  if (state === "gone") return note("feeds", `${label} is gone for good`, `npx planet feeds remove ${quote(url)}`);
  const since = lastOk === "" ? "never read yet" : `last read ${lastOk.slice(0, 16).replace("T", " ")} UTC`;
  const often = failures === 1 ? "once" : `${failures} times`;
  return note("feeds", `${label}: ${reason || state}, ${often}, ${since}`);
}
