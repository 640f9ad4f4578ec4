import { contentDigest, readStatusJson, type ServedStatus, sha256Of } from "@planet/content";
import { bucketWith, manifestOf } from "../../../change/testing/testChange.ts";
import { parseState } from "../../../stack/state.ts";
import type { StatusFacts } from "../facts.ts";

export const FILES = { "planet.css": "body {}\n", "planet.ini": "[Planet]\n" };
export const DIGEST = contentDigest(manifestOf(FILES));

const NOW = new Date("2026-03-01T12:00:00Z");
const COMMIT = "65ac2f9beb3287dbe3ea13adfcd65d58db96abbe";

export const OUTPUTS = {
  address: "192.0.2.9",
  url: "http://192.0.2.9/",
  instanceId: "i-0001",
  release: "7cf675d4",
  contentDigest: DIGEST,
  bucketUrl: "http://192.0.2.1:8773/services/objectstorage/planet",
};

const STACK = {
  urn: "urn:pulumi:prod::planet::pulumi:pulumi:Stack::planet-prod",
  type: "pulumi:pulumi:Stack",
  outputs: OUTPUTS,
};

const INSTANCE = "urn:pulumi:prod::planet::planet:index:Server$aws:ec2/instance:Instance::planet-7cf675d4";

export const SERVER = { urn: INSTANCE, type: "aws:ec2/instance:Instance", id: "i-0001" };

/** A state with more in it than stack and server. */
export function stateWith(resources: readonly object[] = [], pending: readonly object[] = []) {
  const all = [STACK, SERVER, ...resources];
  return parseState(JSON.stringify({ version: 3, deployment: { resources: all, pending_operations: pending } }));
}

export const condemned = {
  urn: INSTANCE.replace("7cf675d4", "01d01d01"),
  type: "aws:ec2/instance:Instance",
  id: "i-0000",
  delete: true,
};

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
    undone: [],
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
