import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { AUTO_SCALING } from "../autoscaling/service.ts";
import { imageId } from "../machine/images.ts";
import { elementsOf } from "../testing/observation.ts";
import { exchange, signedV4 } from "../testing/s3Client.ts";
import { eventually, startTestCloud, type TestCloud } from "../testing/testCloud.ts";
import { ELB } from "./service.ts";

interface Observation {
  readonly name: string;
  readonly service: string;
  readonly action: string;
  readonly params: Readonly<Record<string, string>>;
  readonly status: number;
  readonly elements: string;
  readonly free?: readonly string[];
  /** An element of ours that the observed answer does not have. */
  readonly without?: { readonly element: string; readonly because: string };
  /** What the loops have to have done before. */
  readonly servers?: "in service" | "checked";
}

const ROWS = JSON.parse(
  readFileSync(new URL("../testdata/observed-elb.json", import.meta.url), "utf8"),
) as readonly Observation[];

describe("load balancing and Auto Scaling as observed on Eucalyptus 5.1.0, EDGE, 2026-11-28 (status, elements)", () => {
  let running: TestCloud;
  const kept = new Map([["ami", imageId("debian-12-cloud-init")]]);
  beforeAll(async () => {
    running = await startTestCloud("edge");
    running.settings.now = new Date();
  });
  afterAll(() => running.close());

  /** Time passes in small steps, as it does. */
  async function pass(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second += 1) {
      running.settings.now = new Date((running.settings.now?.getTime() ?? 0) + 1_000);
      await running.cloud.step();
    }
  }

  async function bring(servers: Observation["servers"]): Promise<void> {
    const instances = () => running.cloud.describe().instances;
    if (servers === "in service") {
      await pass(11);
      await eventually(() => instances().length === 2 && instances().every(({ state }) => state === "running"));
      await pass(60);
      for (const [index, { instanceId }] of instances().entries()) kept.set(`i${index + 1}`, instanceId);
    } else if (servers === "checked") await pass(8);
  }

  test.each(ROWS)("$name", async ({ servers, service, action, params, status, elements, free, without }) => {
    await bring(servers);
    const filled = Object.entries(params).map(([name, value]): [string, string] => [
      name,
      value.replace(/\{(\w+)\}/g, (all, key) => kept.get(key) ?? all),
    ]);
    const Version = { LoadBalancing: "2012-06-01", AutoScaling: "2011-01-01" }[service] ?? "2016-11-15";
    const body = new URLSearchParams([["Action", action], ["Version", Version], ...filled]).toString();
    const sent = { method: "POST", url: `${running.endpoint}/services/${service}`, body };
    const reply = await exchange(signedV4(sent, running.cloud.credentials, undefined, running.settings.now).signed);
    const text = without
      ? reply.text.replace(new RegExp(`<${without.element}>.*</${without.element}>`), "")
      : reply.text;
    expect(reply.status).toBe(status);
    expect(elementsOf(text, free)).toBe(elements);
  });

  test("an action that is not marked as observed was not asked for", () => {
    const asked = new Set(ROWS.map(({ action }) => action));
    for (const { actions } of [ELB, AUTO_SCALING]) {
      for (const { name, basis } of actions.values())
        if (asked.has(name)) expect([name, basis]).toEqual([name, "observed"]);
    }
  });
});
