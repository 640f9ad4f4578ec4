import { readFileSync, writeFileSync } from "node:fs";
import { expect } from "@jest/globals";
import { type Manifest, serializeManifest, sha256Of } from "@planet/content";
import type { LiveBucket, LiveObject } from "@planet/content/live";
import { cleanse } from "../../text/visible.ts";
import type { Change } from "../change.ts";
import { describeChange } from "../describeChange.ts";
import { type Preview, parsePreview } from "../previewJson.ts";

const folder = "packages/cli/change/testdata";

/** A preview that the real CLI gave for the real stack, without stack traces and dependencies. */
export function realPreview(name: string): Preview {
  const preview = parsePreview(readFileSync(`${folder}/${name}.json`, "utf8"));
  if (!preview) throw new Error(`${name}.json is not a preview`);
  return preview;
}

export function changeOf(preview: Preview, bucket?: LiveBucket, secrets: readonly string[] = []): Change {
  return cleanse(describeChange({ stack: preview.stack ?? "?", preview, bucket }), secrets);
}

/** The place where our sentences are reviewed; UPDATE_GOLDEN=1 rewrites it. */
export function expectGolden(name: string, text: string): void {
  const golden = `${folder}/${name}.golden`;
  if (process.env.UPDATE_GOLDEN) writeFileSync(golden, text);
  expect(text).toBe(readFileSync(golden, "utf8"));
}

/** A bucket with published files, and edits of some. */
export function bucketWith(published: Readonly<Record<string, string>>, edits: Readonly<Record<string, string>> = {}) {
  const manifest = manifestOf(published);
  const modified = new Date("2026-03-01T09:30:00Z");
  const objects = new Map<string, LiveObject>();
  for (const [name, text] of Object.entries({ ...published, ...edits })) {
    objects.set(name, { state: "present", bytes: Buffer.from(text), modified });
  }
  return { manifest: { state: "present", manifest, modified }, objects } satisfies LiveBucket;
}

export function manifestOf(files: Readonly<Record<string, string>>): Manifest {
  const entries = Object.entries(files).map(([name, text]) => {
    const size = Buffer.byteLength(text);
    return { name, sha256: sha256Of(text), size, type: "text/plain", replaces: [] };
  });
  return { stack: "prod", files: entries };
}

type Files = Readonly<Record<string, string>>;

/** The steps of a content change, as the real ones are shaped. */
export function contentPreview(before: Files, after: Files, config: Readonly<Record<string, string>> = {}): Preview {
  const manifests = [before, after].map((files) => serializeManifest(manifestOf(files)));
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const live = names.filter((name) => before[name] !== after[name]);
  const objects = live.map((name) => objectStep(name, before[name], after[name]));
  return previewOf([objectStep("manifest.json", ...(manifests as [string, string])), ...objects], config);
}

export function objectStep(key: string, before: string | undefined, after: string | undefined) {
  const state = (content: string | undefined) => (content === undefined ? {} : { inputs: { key, content } });
  return {
    op: before === undefined ? "create" : after === undefined ? "delete" : "update",
    urn: urn("ConfigBucket$aws:s3/bucketObjectv2:BucketObjectv2", `config-live-${key}`),
    ...(before !== undefined && { oldState: state(before) }),
    ...(after !== undefined && { newState: state(after) }),
  };
}

export function previewOf(
  steps: readonly object[],
  config: Readonly<Record<string, string>> = {},
  diagnostics: readonly { severity: string; message: string }[] = [],
): Preview {
  const outputs = { address: "192.0.2.9" };
  const stack = { op: "same", urn: "urn:pulumi:prod::planet::pulumi:pulumi:Stack::planet-prod", oldState: { outputs } };
  const text = JSON.stringify({
    config: { "planet:interval": "300", ...config },
    steps: [stack, ...steps],
    diagnostics,
  });
  const preview = parsePreview(text);
  if (!preview) throw new Error("no preview");
  return preview;
}

export const urn = (type: string, name: string): string => `urn:pulumi:prod::planet::planet:index:${type}::${name}`;

export interface ServerFacts {
  readonly release: string;
  readonly userData: string;
  readonly ami?: string;
}

/** The steps of a new server on an address that stays. */
export function serverSteps(before: ServerFacts | undefined, after: ServerFacts, address = "192.0.2.9") {
  const state = ({ release, userData, ami = "emi-f3df1488" }: ServerFacts) => ({
    inputs: { ami, instanceType: "m1.small", userData, tags: { "planet:release": release } },
  });
  const instance = "Server$aws:ec2/instance:Instance";
  const link = urn("PublicAddress$aws:ec2/eipAssociation:EipAssociation", "address-association");
  const there = { inputs: { publicIp: "192.0.2.9" } };
  return [
    { op: "create", urn: urn(instance, `planet-${after.release}`), newState: state(after) },
    {
      op: before ? "replace" : "create",
      urn: link,
      ...(before && { oldState: there }),
      newState: { inputs: { publicIp: address } },
    },
    ...(before ? [{ op: "delete", urn: urn(instance, `planet-${before.release}`), oldState: state(before) }] : []),
  ];
}

/** User-data as userdata/render.ts joins it. */
export function userData(variables: Readonly<Record<string, string>>, script = "set -eu\n"): string {
  const header = Object.entries(variables).map(([name, value]) => `PLANET_${name}='${value}'`);
  return ["#!/bin/bash", ...header, script].join("\n");
}
