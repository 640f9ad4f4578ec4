import { cp, mkdtemp, rm } from "node:fs/promises";
import { createServer, get, type Server, type ServerResponse } from "node:http";
import { createServer as createHttpsServer, type Server as HttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSecureContext, type SecureContext } from "node:tls";
import { CERTIFICATE_OBJECT, openCertificate, permitPrefix, readCertificateObject } from "@planet/content";
import { cloudIdentity, IMAGE_NAMES, imageId } from "@planet/local-cloud";
import { type Cloud, createLocalCloud, type MachineDriver, type Route } from "@planet/local-cloud/testing";
import { type DnsServer, serveDns } from "../../packages/local-cloud/dns/server.ts";
import { withoutNetwork } from "../../packages/local-cloud/identity.ts";
import { pretendWorkers } from "./pretendWorkers.ts";

/**
 * `lost`: the cloud cannot start it. `late`: it stays pending until it {@link TestCloud.becomes} another. `silent`: it starts and shows nothing. `failed`: planet.sh gives up. `other`: it
 * serves another release. `broken`: it answers 500.
 */
export type Boot = "ready" | "lost" | "late" | "silent" | "failed" | "other" | "broken";

const OTHER_RELEASE = "ffffffff";

/** What a cloud was at a moment, to start another one from. */
export interface CloudMoment {
  /** Its state and objects; the caller that chose it removes it. */
  readonly folder: string;
  /** The machines that ran. */
  readonly boots: readonly (readonly [instanceId: string, boot: Boot])[];
}

/**
 * The local cloud's API with machines that only pretend: each "boots" at once, prints planet.sh's last console line
 * and shows the release of its user-data at its public addresses; by https, too, where port 443 is open and its key opens the
 * certificate in the bucket. For the order of an update; it proves no server.
 */
export class TestCloud {
  readonly endpoint: string;
  readonly cloud: Cloud;
  /** How machines that start from now on boot. */
  nextBoot: Boot = "ready";
  readonly #folder: string;
  readonly #boots = new Map<string, Boot>();
  readonly #starting = new Map<string, () => void>();
  readonly #servers: Server[] = [];
  readonly #sites = new Map<string, Server>();
  readonly #secureSites = new Map<string, HttpsServer>();
  #dns: DnsServer | undefined;
  #routes: readonly Route[] = [];

  /** @param clockFactor How many times faster than a real cloud's its loops run. */
  static async start(
    name: string,
    mode: "edge" | "vpc" = "vpc",
    moment?: CloudMoment,
    clockFactor = 1,
  ): Promise<TestCloud> {
    const api = createServer();
    // One of its own, as its public addresses are: DNS has the same port in each.
    const address = withoutNetwork(cloudIdentity(name)).endpointAddress;
    const endpoint = `http://${address}:${await listen(api, 0, address)}`;
    const folder = await mkdtemp(join(tmpdir(), "planet-cloud-"));
    if (moment) await cp(moment.folder, folder, { recursive: true });
    const test = new TestCloud({ name, mode, endpoint, clockFactor }, folder);
    for (const [instanceId, boot] of moment?.boots ?? []) test.#boots.set(instanceId, boot);
    api.on("request", (request, response) => test.cloud.handle(request, response));
    test.#servers.push(api);
    test.#dns = await serveDns(address, (wanted) => test.cloud.findName(wanted));
    await test.cloud.start();
    return test;
  }

  private constructor(
    {
      name,
      mode,
      endpoint,
      clockFactor,
    }: { name: string; mode: "edge" | "vpc"; endpoint: string; clockFactor: number },
    folder: string,
  ) {
    this.endpoint = endpoint;
    this.#folder = folder;
    this.cloud = createLocalCloud({
      identity: cloudIdentity(name),
      mode,
      driver: this.#driver(),
      network: { apply: (routes) => this.#apply(routes) },
      stateFile: join(folder, "state.json"),
      objectsDirectory: join(folder, "objects"),
      imageNames: IMAGE_NAMES,
      clockFactor,
      workers: pretendWorkers((instanceId) => this.#statusOf(instanceId)),
      log: () => {},
    });
  }

  /** Of a stack that deploys on it. */
  get settings() {
    const image = imageId("debian-12-cloud-init");
    const waits = { draining: 0, readyDeadline: 60, keepMemory: false };
    return { endpoint: this.endpoint, bucket: "planet", image, instanceType: "t2.small", ...waits };
  }

  /** Running instances. */
  instances(): string[] {
    return this.cloud.describe().instances.flatMap(({ instanceId, state }) => (state === "running" ? instanceId : []));
  }

  /** Instances that the cloud has accepted and not started yet. */
  pending(): string[] {
    return [...this.#starting.keys()];
  }

  /** What becomes of a machine that runs already, or is late. */
  becomes(instanceId: string, boot: Boot): void {
    this.#boots.set(instanceId, boot);
    this.#starting.get(instanceId)?.();
    this.#starting.delete(instanceId);
  }

  /** The instance that an elastic address is on. */
  holder(publicAddress: string): string | undefined {
    const { addresses } = this.cloud.describe();
    return addresses.find((address) => address.publicAddress === publicAddress)?.instanceId;
  }

  /** What it is now, as it is kept: it changes with the next call. */
  get now(): CloudMoment {
    return { folder: this.#folder, boots: [...this.#boots] };
  }

  /** What it is now. It takes no calls from here on: {@link stop} it, and start another one from the moment. */
  async save(): Promise<CloudMoment> {
    await this.cloud.close();
    const folder = await mkdtemp(join(tmpdir(), "planet-moment-"));
    await cp(this.#folder, folder, { recursive: true });
    return { folder, boots: [...this.#boots] };
  }

  async stop(): Promise<void> {
    this.#dns?.close();
    for (const server of [...this.#servers, ...this.#sites.values(), ...this.#secureSites.values()]) {
      server.closeAllConnections();
      server.close();
    }
    await this.cloud.close();
    await rm(this.#folder, { recursive: true, force: true });
  }

  #driver(): MachineDriver {
    return {
      start: async ({ instanceId }) => {
        if (this.nextBoot === "lost") throw new Error("no space left on the node");
        if (this.nextBoot === "late") await new Promise<void>((resolve) => this.#starting.set(instanceId, resolve));
        else this.#boots.set(instanceId, this.nextBoot);
      },
      end: async (instanceId) => void this.#boots.delete(instanceId),
      reboot: async () => {},
      running: async () => [...this.#boots.keys()],
      guard: async () => {},
      console: async (instanceId) => Buffer.from(await this.#console(instanceId)),
    };
  }

  async #console(instanceId: string): Promise<string> {
    const boot = this.#boots.get(instanceId);
    if (boot === "failed") return "E: Unable to locate package nginx-light\nplanet: FAILED step=install rc=100\n";
    // A server may be content with itself and yet not serve its readers.
    const isContent = boot === "ready" || boot === "other" || boot === "broken";
    return isContent ? `planet: READY release=${await this.#releaseOf(instanceId)}\n` : "";
  }

  /** As the machine itself: from its user-data. */
  async #releaseOf(instanceId: string): Promise<string> {
    return (await this.#variables(instanceId))("PLANET_RELEASE") || "none";
  }

  /** What the user-data of an instance says of a variable; empty when it does not. */
  async #variables(instanceId: string): Promise<(name: string) => string> {
    const instance = this.cloud.describe().instances.find((candidate) => candidate.instanceId === instanceId);
    const server = createServer((request, response) => {
      this.cloud.handleMetadata(instance?.privateAddress ?? "", request, response);
    });
    const port = await listen(server, 0, "127.0.0.1");
    const userData = await read(`http://127.0.0.1:${port}/latest/user-data`);
    server.close();
    return (name) => new RegExp(`^${name}='(.*)'$`, "m").exec(userData)?.[1] ?? "";
  }

  #apply(routes: readonly Route[]): void {
    this.#routes = routes;
    for (const { publicAddress } of routes) {
      if (this.#sites.has(publicAddress)) continue;
      const site = createServer((_, response) => void this.#answer(publicAddress, response));
      this.#sites.set(publicAddress, site);
      site.listen(80, publicAddress);
    }
    this.#applyHttps();
  }

  #applyHttps(): void {
    const open = this.#routes.filter(({ ports }) => ports.some(({ from, to }) => from <= 443 && to >= 443));
    const addresses = new Set(open.map(({ publicAddress }) => publicAddress));
    for (const [address, site] of this.#secureSites) {
      if (addresses.has(address)) continue;
      site.close();
      this.#secureSites.delete(address);
    }
    for (const address of addresses) {
      if (this.#secureSites.has(address)) continue;
      const site = createHttpsServer({
        SNICallback: (_, done) => void this.#certificate(address).then(...settle(done)),
      });
      site.on("request", (_, response) => void this.#answer(address, response)).on("tlsClientError", () => {});
      this.#secureSites.set(address, site);
      site.listen(443, address);
    }
  }

  /** Of the server at an address: what is in the bucket. @throws {Error} when it has none. */
  async #certificate(publicAddress: string): Promise<SecureContext> {
    const route = this.#routes.find((candidate) => candidate.publicAddress === publicAddress);
    const variable = await this.#variables(route?.instanceId ?? "");
    const folder = `${variable("PLANET_BUCKET_URL")}/${permitPrefix("tls", Number(variable("PLANET_PERMIT")))}`;
    const object = readCertificateObject(await read(`${folder}${CERTIFICATE_OBJECT}`));
    const { key, chain: cert } = openCertificate(object, variable("PLANET_TLS_KEY"));
    return createSecureContext({ key, cert });
  }

  async #answer(publicAddress: string, response: ServerResponse): Promise<void> {
    const route = this.#routes.find((candidate) => candidate.publicAddress === publicAddress);
    const boot = route && this.#boots.get(route.instanceId);
    if (!route || boot === undefined || boot === "silent" || boot === "failed") response.destroy();
    else if (boot === "broken") response.writeHead(500).end();
    else response.end(await this.#statusOf(route.instanceId));
  }

  async #statusOf(instanceId: string): Promise<string | undefined> {
    const boot = this.#boots.get(instanceId);
    if (boot !== "ready" && boot !== "other") return undefined;
    const release = boot === "other" ? OTHER_RELEASE : await this.#releaseOf(instanceId);
    return JSON.stringify({ release, state: "ok" });
  }
}

type Done = (error: Error | null, context?: SecureContext) => void;
const settle = (done: Done) =>
  [(context: SecureContext) => done(null, context), (error: Error) => done(error)] as const;

/** @returns the port. */
async function listen(server: Server, port: number, address: string): Promise<number> {
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, address, resolve));
  return (server.address() as AddressInfo).port;
}

/** @throws {Error} when nothing answers. */
export function read(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, { agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("end", () => resolve(text)).on("error", reject);
    }).on("error", reject);
  });
}
