import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { ImportKeyPairCommand, RunInstancesCommand } from "@aws-sdk/client-ec2";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { ACTIONS } from "./ec2/actions.ts";
import { describeKey } from "./ec2/keyFormat.ts";
import { imageId } from "./machine/images.ts";
import { elementsOf, expanded, masked } from "./testing/observation.ts";
import { exchange, signedV4 } from "./testing/s3Client.ts";
import { eventually, startTestCloud, type TestCloud } from "./testing/testCloud.ts";

interface Difference {
  /** The part of the answer that is not alike; all others still are. */
  readonly in: "status" | "message" | "elements" | "order";
  readonly because: string;
}

interface Observation {
  readonly name: string;
  readonly action?: string;
  readonly version?: string;
  readonly params?: Readonly<Record<string, string>>;
  /** A request that is not an ordinary call. */
  readonly send?: {
    readonly method: string;
    readonly path: string;
    readonly query?: Readonly<Record<string, string>>;
    readonly body?: string;
    readonly anonymous?: boolean;
  };
  readonly credentials?: { readonly accessKeyId?: string; readonly secretAccessKey?: string };
  readonly aheadMs?: number;
  /** Elements of the answer that later requests name as `{key}`. */
  readonly keep?: Readonly<Record<string, string>>;
  readonly machines?: "running" | "hold" | "ending" | "terminated";
  readonly status: number;
  readonly code?: string;
  readonly message?: string;
  readonly elements?: string;
  readonly free?: readonly string[];
  readonly only?: string;
  readonly found?: boolean;
  readonly differs?: Difference;
}

interface MetadataObservation {
  readonly method?: string;
  readonly path: string;
  readonly status: number;
  readonly body?: string;
  readonly page?: boolean;
  readonly message?: string;
  readonly differs?: Difference;
}

const OBSERVED = JSON.parse(readFileSync(new URL("testdata/observed-ec2.json", import.meta.url), "utf8")) as {
  readonly requests: readonly Observation[];
  readonly edge: readonly Observation[];
  readonly metadata: readonly MetadataObservation[];
};

interface ReadRow extends Observation {
  readonly source: string;
}
/** What follows from the source where nothing was observed. */
const READ = JSON.parse(readFileSync(new URL("testdata/read-ec2.json", import.meta.url), "utf8")) as {
  readonly requests: readonly ReadRow[];
  readonly edge: readonly ReadRow[];
};

const KEY = describeKey(generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey).line;

const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

describe.each([
  { mode: "vpc", rows: OBSERVED.requests, from: "observed, 2026-11-28" },
  { mode: "edge", rows: OBSERVED.edge, from: "observed, 2026-11-28" },
  { mode: "vpc", rows: READ.requests, from: "read in the source" },
  { mode: "edge", rows: READ.edge, from: "read in the source" },
] as const)("EC2 in mode $mode as Eucalyptus 5.1.0, $from (status, code, text, elements)", ({ mode, rows }) => {
  let running: TestCloud;
  let release: () => void = () => undefined;
  const kept = new Map([
    ["ami", imageId("debian-12-cloud-init")],
    ["key", Buffer.from(`${KEY} me@here`).toString("base64")],
  ]);
  beforeAll(async () => {
    running = await startTestCloud(mode);
  });
  afterAll(async () => {
    release();
    await running.close();
  });

  const filled = (text: string): string => expanded(text.replace(/\{(\w+)\}/g, (all, name) => kept.get(name) ?? all));

  function ask({ action, version = "2016-11-15", params = {}, send, credentials, aheadMs = 0 }: Observation) {
    const values = Object.entries(params).map(([name, value]): [string, string] => [name, filled(value)]);
    const form = new URLSearchParams([["Action", action ?? ""], ["Version", version], ...values]).toString();
    const { method = "POST", path = "/services/compute/", query, body } = send ?? { body: form };
    const url = `${running.endpoint}${path}${query ? `?${new URLSearchParams(query)}` : ""}`;
    const sent = { method, url, ...(body !== undefined && { body }) };
    if (send?.anonymous) return exchange(sent);
    const keys = { ...running.cloud.credentials, ...credentials };
    return exchange(signedV4(sent, keys, undefined, new Date(Date.now() + aheadMs)).signed);
  }

  async function bring(machines: Observation["machines"]): Promise<void> {
    if (machines === "hold") {
      running.driver.hold = new Promise((resolve) => {
        release = resolve;
      });
    } else if (machines !== undefined && machines !== "ending") {
      release();
      const state = () =>
        running.cloud.describe().instances.find(({ instanceId }) => instanceId === kept.get("i"))?.state;
      await eventually(() => state() === machines);
    }
  }

  test.each(rows)("$name", async (row) => {
    await bring(row.machines);
    if (row.status === 0) {
      const silence = new Promise((resolve) => setTimeout(resolve, 300, "no answer"));
      expect(await Promise.race([ask(row).catch(() => "connection lost"), silence])).toBe("no answer");
      return;
    }
    const reply = await ask(row);
    for (const [name, element] of Object.entries(row.keep ?? {})) {
      kept.set(name, new RegExp(`<${element}>([^<]*)<`).exec(reply.text)?.[1] ?? "");
    }
    const isFault = /^\d/.test(row.code ?? "");
    expect([reply.headers.server, reply.headers.connection === "close"]).toEqual(["Eucalyptus/5.1.0", isFault]);
    const differs = row.differs?.in;
    const [, code, message = ""] = /<Code>([^<]*)<\/Code><Message>([^<]*)<\/Message>/.exec(reply.text) ?? [];
    expect(code === undefined ? { status: reply.status } : { status: reply.status, code }).toEqual({
      status: row.status,
      ...(row.code !== undefined && { code: row.code }),
    });
    if (row.message !== undefined && differs !== "message") {
      const isFault = /^\d/.test(row.code ?? "");
      const expected = isFault ? row.message.replaceAll("<", "&lt;") : escaped(row.message);
      const inOrder = (text: string) => (differs === "order" ? text.split("\n").sort().join("\n") : text);
      expect(inOrder(masked(message.trimEnd()))).toBe(inOrder(expected));
      expect(reply.headers["content-type"]).toBe(
        isFault ? "text/plain; charset=UTF-8" : "application/xml; charset=UTF-8",
      );
    }
    if (row.found !== undefined) expect(reply.text.includes("instanceId")).toBe(row.found);
    if (row.elements !== undefined && differs !== "elements") {
      const text = row.only ? (new RegExp(`<${row.only}>[^<]*</${row.only}>`).exec(reply.text)?.[0] ?? "") : reply.text;
      const elements = elementsOf(text, row.free);
      if (differs === "order") {
        const sorted = (written: string) => written.split(/[ ()]+/).sort();
        expect(sorted(elements)).toEqual(sorted(row.elements));
        return;
      }
      if (row.elements.endsWith("…")) expect(elements).toContain(row.elements.slice(0, -1));
      else expect(elements).toBe(row.elements);
    }
  });
});

describe("metadata as observed on Eucalyptus 5.1.0, 2026-11-28 (status, type, listings, values)", () => {
  let running: TestCloud;
  let source = "";
  const server = createServer((request, response) => running.cloud.handleMetadata(source, request, response));
  beforeAll(async () => {
    running = await startTestCloud("edge");
    const PublicKeyMaterial = Buffer.from(`${KEY} me@here`);
    await running.ec2.send(new ImportKeyPairCommand({ KeyName: "planet-md", PublicKeyMaterial }));
    const launched = await running.ec2.send(
      new RunInstancesCommand({
        ...{ ImageId: imageId("debian-12-cloud-init"), InstanceType: "t2.small", MinCount: 1, MaxCount: 1 },
        ...{ KeyName: "planet-md", UserData: "aGFsbG8=" },
      }),
    );
    source = launched.Instances?.[0]?.PrivateIpAddress ?? "";
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterAll(async () => {
    await new Promise((resolve) => server.close(resolve));
    await running.close();
  });

  test.each(OBSERVED.metadata)("$path", async ({ method = "GET", path, status, body, page, message, differs }) => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
    const reply = await exchange({ method, url, headers: { Host: "169.254.169.254" } });
    if (differs) return;
    expect(reply.headers.server).toBe("Eucalyptus/5.1.0");
    expect([reply.status, reply.headers["content-type"], reply.headers.connection]).toEqual([
      status,
      message === undefined ? "text/plain" : "text/plain; charset=UTF-8",
      "close",
    ]);
    if (body !== undefined) expect(masked(reply.text.replace(KEY, "ssh-rsa KEY"))).toMatch(matcher(body));
    if (page) expect(reply.text).toContain("<title>404 - Not Found</title>");
    if (message !== undefined) expect(reply.text).toContain(`<Message>${message}</Message>`);
  });

  /** `*` is any text; the rest is as written. */
  function matcher(body: string): RegExp {
    const parts = body.split("*").map((part) => part.replace(/[$()+.?[\\\]^{|}]/g, "\\$&"));
    return new RegExp(`^${parts.join("[^\n]+")}$`);
  }
});

test("few observations are not answered alike, each for a reason", () => {
  const differing = [...OBSERVED.requests, ...OBSERVED.edge, ...OBSERVED.metadata].flatMap(
    ({ differs }) => differs ?? [],
  );
  expect(differing.length).toBeLessThanOrEqual(8);
  for (const { because } of differing) expect(because).toMatch(/\w+ \w+/);
});

test("an action is marked as observed when the data holds a request to it", () => {
  const asked = new Set([...OBSERVED.requests, ...OBSERVED.edge].map(({ action }) => action));
  for (const { name, basis } of ACTIONS.values()) {
    expect([name, basis]).toEqual([name, asked.has(name) ? "observed" : "read"]);
  }
});
