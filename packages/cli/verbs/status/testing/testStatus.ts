import { contentDigest, readStatusJson, type ServedStatus, sha256Of } from "@planet/content";
import { bucketWith, manifestOf } from "../../../change/testing/testChange.ts";
import * as sample from "../../../stack/testing/testState.ts";
import type { StatusFacts } from "../facts.ts";

export const FILES = { "planet.css": "body {}\n", "planet.ini": "[Planet]\n" };
const DIGEST = contentDigest(manifestOf(FILES));

const NOW = new Date("2026-03-01T12:00:00Z");
const COMMIT = "65ac2f9beb3287dbe3ea13adfcd65d58db96abbe";

export const OUTPUTS = { ...sample.OUTPUTS, contentDigest: DIGEST };

/** A state with more in it than stack and server. */
export const stateWith = (resources: readonly object[] = [], pending: readonly object[] = [], url = OUTPUTS.url) =>
  sample.stateWith(resources, pending, { ...OUTPUTS, url });

/** As the server writes it, and with what a test changes. */
export function page(changes: Partial<ServedStatus> = {}): NonNullable<StatusFacts["served"]> {
  const status = readStatusJson(
    JSON.stringify({
      release: "7cf675d4",
      boot: { instance_id: "i-0001" },
      content: { digest: DIGEST, id: DIGEST.slice(0, 8) },
      generated_at: "2026-03-01T11:58:00.000Z",
      next_sync: "2026-03-01T12:03:00.000Z",
      counts: { entries: 42 },
      feeds: [{ url: "http://a.example/feed", name: "Anna", state: "ok" }],
    }),
  );
  if (!status) throw new Error("no status");
  return { kind: "planet", at: NOW, status: { ...status, ...changes } };
}

/** A planet with nothing to do, but for what a test says. */
export function statusFacts(changes: Partial<StatusFacts> = {}): StatusFacts {
  return {
    stack: "prod",
    now: NOW,
    state: stateWith(),
    locks: [],
    isLocalCloudStopped: false,
    rollout: "live",
    leave: [],
    served: page(),
    bucket: bucketWith(FILES),
    site: new Map(Object.entries(FILES).map(([name, text]) => [name, sha256Of(text)])),
    head: { commit: COMMIT },
    lastUpdate: update(),
    ...changes,
  };
}

export function update(changes: Partial<NonNullable<StatusFacts["lastUpdate"]>> = {}) {
  return {
    number: 1,
    kind: "update",
    result: "succeeded",
    startTime: "2026-03-01T10:00:00.000Z",
    endTime: "2026-03-01T10:01:00.000Z",
    message: "",
    changed: true,
    commit: COMMIT,
    clean: true,
    ...changes,
  };
}
