import type { FeedState, StatusJson } from "@planet/content";

const FEED_STATES: readonly FeedState[] = ["ok", "unchanged", "moved", "failing", "gone", "never"];
const STATES: readonly StatusJson["state"][] = ["ok", "degraded", "rejected"];

interface Sample {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

interface Metric {
  readonly name: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}

/**
 * `/metrics`: status.json in the text format of Prometheus, version 0.0.4. All are gauges. A series is always there, so that
 * an alert sees a 0 and no gap; docs/monitoring.md promises their names and labels to other programs.
 */
export function metrics(status: StatusJson): string {
  return metricsOf(status).map(metricText).join("");
}

function metricsOf(status: StatusJson): Metric[] {
  const { planet, stack, release, content, boot, engine, counts, feeds } = status;
  const about = { planet, stack, release, content: content.id, instance: boot.instance_id, engine: engine.version };
  const inState = (state: FeedState) => feeds.filter((feed) => feed.state === state).length;
  const single = (name: string, help: string, value: number): Metric => ({ name, help, samples: [{ value }] });
  return [
    { name: "planet_info", help: "What is served, in labels; always 1.", samples: [{ labels: about, value: 1 }] },
    single(
      "planet_generated_timestamp_seconds",
      "When the page was made or looked at last; its age is time() minus this.",
      seconds(status.generated_at),
    ),
    single("planet_next_sync_timestamp_seconds", "When the next look is due.", seconds(status.next_sync)),
    {
      name: "planet_state",
      help: "1 for the state that holds: ok, degraded (something works only in part) or rejected (an edit was not taken).",
      samples: STATES.map((state) => ({ labels: { state }, value: Number(state === status.state) })),
    },
    {
      name: "planet_feeds",
      help: "Feeds by state.",
      samples: FEED_STATES.map((state) => ({ labels: { state }, value: inState(state) })),
    },
    single(
      "planet_feeds_needing_attention",
      "Feeds that have been failing for longer than report_after of planet.ini.",
      feeds.filter((feed) => feed.needs_attention).length,
    ),
    single("planet_entries", "Entries on the page.", counts.entries),
    single("planet_live_edits", "Files that were edited in the bucket.", status.drift.length),
    single("planet_rejected_edits", "Edits that were not taken.", status.rejected.length),
    single("planet_degraded_parts", "Parts that work only in part.", status.degraded.length),
    ...certificateMetrics(status),
  ];
}

/** None on a server without a host name. */
function certificateMetrics({ certificate, generated_at }: StatusJson): Metric[] {
  if (certificate === undefined) return [];
  const days = (Date.parse(certificate.not_after ?? generated_at) - Date.parse(generated_at)) / 86_400_000;
  const help = "Days for which the certificate in effect is still valid; 0 without one, negative when it has expired.";
  return [{ name: "planet_certificate_days", help, samples: [{ value: Math.round(days * 1_000) / 1_000 }] }];
}

const seconds = (time: string): number => Date.parse(time) / 1_000;

function metricText({ name, help, samples }: Metric): string {
  const lines = samples.map(({ labels = {}, value }) => `${name}${labelText(labels)} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${lines.join("")}`;
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}="${escaped(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

const escaped = (value: string): string =>
  value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
