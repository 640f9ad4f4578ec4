import { mkdirSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import { join } from "node:path";
import { BLOG_HOSTS } from "../blogs/catalogue.ts";
import { blogHandler } from "../blogs/server.ts";
import { type Cloud, createLocalCloud } from "../cloud.ts";
import { type DnsServer, serveDns } from "../dns/server.ts";
import { childWorkers } from "../elb/childWorkers.ts";
import { faultNamed, wantedFault } from "../faults/wantedFault.ts";
import type { CloudIdentity } from "../identity.ts";
import { LocalCloudError } from "../localCloudError.ts";
import { giveToCaller, makeDirectory } from "../machine/caller.ts";
import type { MachineDriver } from "../machine/driver.ts";
import { IMAGE_NAMES } from "../machine/images.ts";
import { limitLog, limitLogs } from "../machine/logLimit.ts";
import { noneDriver } from "../machine/noneDriver.ts";
import { nspawnDriver } from "../machine/nspawnDriver.ts";
import { markOf } from "../machine/processes.ts";
import { createForwarder, type Forwarder } from "../network/forwarder.ts";
import { followHost, setUpNetwork } from "../network/hostNetwork.ts";
import { serveMetadata } from "../network/metadataListener.ts";
import { createWordOnlyForwarder } from "../network/wordOnlyForwarder.ts";
import { PageServer, pageToken } from "../page/pageServer.ts";
import { claimNetwork, releaseNetwork } from "./claim.ts";
import { type Controls, serveControls } from "./control.ts";
import { removeDeadMachines, removeEverything } from "./leftovers.ts";
import { type Places, placesOf } from "./places.ts";
import { type CloudSettings, readSettings, writeSettings } from "./settings.ts";
import { type CloudStatus, identityFor, REGION } from "./status.ts";
import { streamConsole, streamRequests } from "./streams.ts";

const SERVICE_PORT = 8773;
const BLOG_PORT = 80;
/** Between two looks at the logs' sizes. */
const LOG_CHECK_MS = 10_000;
/** Between two looks at the host's own network. */
const NETWORK_CHECK_MS = 10_000;

/**
 * The daemon: one process per running cloud, in the host's network namespace. It ends by `POST /stop`, SIGTERM or SIGINT, and
 * takes machines and network with it; after a SIGKILL the machines go on and the next start adopts them.
 */
export async function serve(name: string): Promise<void> {
  const places = placesOf(name);
  const settings = readSettings(places);
  if (!settings) throw new Error(`${places.settingsFile} is missing: a daemon is started by startCloud`);
  const daemon = new Daemon(identityFor(name, settings.driver), settings, places);
  process.on("unhandledRejection", (error) =>
    log(`unhandled: ${error instanceof Error ? error.stack : String(error)}`),
  );
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => daemon.stop());
  await daemon.start();
}

class Daemon {
  readonly #identity: CloudIdentity;
  readonly #places: Places;
  #settings: CloudSettings;
  #cloud: Cloud | undefined;
  #forwarder: Forwarder | undefined;
  readonly #servers: Server[] = [];
  #dns: DnsServer | undefined;
  #stopping = false;

  constructor(identity: CloudIdentity, settings: CloudSettings, places: Places) {
    this.#identity = identity;
    this.#settings = settings;
    this.#places = places;
  }

  async start(): Promise<void> {
    const mark = markOf(process.pid);
    if (!mark) throw new Error("this process is not in /proc; is that mounted?");
    const { name } = this.#identity;
    const { owner } = this.#settings;
    const { directory, processFile } = this.#places;
    if (this.#hasMachines) claimNetwork(this.#identity, { name, owner, directory, process: mark });
    writeFileSync(processFile, JSON.stringify(mark));
    giveToCaller(processFile);
    if (this.#hasMachines) {
      await removeDeadMachines(this.#identity, this.#places);
      await setUpNetwork(this.#identity);
    }
    const driver = this.#makeDriver();
    const forwarder = this.#makeForwarder();
    const cloud = this.#makeCloud(driver, forwarder);
    this.#forwarder = forwarder;
    this.#cloud = cloud;
    await this.#listen(cloud, this.#makePage(cloud, forwarder));
    this.#dns = await serveDns(this.#identity.endpointAddress, (wanted) => cloud.findName(wanted));
    await cloud.start();
    setInterval(() => this.#limitLogs(), LOG_CHECK_MS).unref();
    if (this.#hasMachines) this.#followHost();
    this.#servers.push(await serveControls(this.#places.controlSocket, this.#controls(cloud, driver)));
    log(
      `cloud ${name} is ready at ${this.#identity.endpoint}, mode ${this.#settings.mode}, driver ${this.#settings.driver}`,
    );
  }

  /** Ends the process when all is gone; a second call changes nothing. */
  stop(): void {
    if (this.#stopping) return;
    this.#stopping = true;
    log("stopping");
    this.#stopAll().then(
      () => process.exit(0),
      (error: unknown) => {
        log(`stop failed: ${error instanceof Error ? error.stack : String(error)}`);
        process.exit(1);
      },
    );
  }

  async #stopAll(): Promise<void> {
    for (const server of this.#servers) {
      server.close();
      server.closeAllConnections();
    }
    this.#dns?.close();
    this.#forwarder?.close();
    await this.#cloud?.close();
    if (!this.#hasMachines) return;
    await removeEverything(this.#identity, this.#places, log);
    releaseNetwork(this.#identity);
  }

  get #hasMachines(): boolean {
    return this.#settings.driver === "nspawn";
  }

  #makeDriver(): MachineDriver {
    const { machinesDirectory, consoleDirectory } = this.#places;
    if (!this.#hasMachines) return noneDriver();
    return nspawnDriver({ identity: this.#identity, machinesDirectory, consoleDirectory, blogHosts: BLOG_HOSTS, log });
  }

  #makeForwarder(): Forwarder {
    return this.#hasMachines ? createForwarder(this.#settings, log) : createWordOnlyForwarder(this.#settings);
  }

  #makeCloud(driver: MachineDriver, network: Forwarder): Cloud {
    const { mode, version } = this.#settings;
    const { stateFile, objectsDirectory, machinesDirectory, consoleDirectory } = this.#places;
    const identity = this.#identity;
    for (const folder of [objectsDirectory, machinesDirectory]) mkdirSync(folder, { recursive: true, mode: 0o700 });
    makeDirectory(consoleDirectory, 0o700); // the caller reads it when the cloud does not run
    return createLocalCloud({
      identity,
      mode,
      ...(version !== undefined && { version }),
      driver,
      network,
      stateFile,
      objectsDirectory,
      imageNames: IMAGE_NAMES,
      clockFactor: this.#settings.clockFactor,
      ...(this.#hasMachines && { workers: childWorkers(log) }),
      log,
    });
  }

  #makePage(cloud: Cloud, forwarder: Forwarder): PageServer {
    return new PageServer({
      cloud,
      routes: () => forwarder.table(),
      settings: () => this.#settings,
      consoleFile: (instanceId) => this.#consoleFile(instanceId),
    });
  }

  async #listen(cloud: Cloud, page: PageServer): Promise<void> {
    const { endpointAddress, networkName } = this.#identity;
    const answer: RequestListener = (request, response) => {
      if (page.takes(request)) page.answer(request, response);
      else cloud.handle(request, response);
    };
    this.#servers.push(await listen(cloud.server(answer), endpointAddress, SERVICE_PORT));
    if (!this.#hasMachines) return; // nobody would ask for metadata or blogs
    this.#servers.push(await listen(createServer(blogHandler()), endpointAddress, BLOG_PORT));
    this.#servers.push(
      await serveMetadata(networkName, (source, request, response) => cloud.handleMetadata(source, request, response)),
    );
  }

  #controls(cloud: Cloud, driver: MachineDriver): Controls {
    return {
      status: () => this.#status(cloud),
      console: (instanceId: string) => driver.console(instanceId),
      followConsole: (instanceId, response) => {
        if (!cloud.world.instance(instanceId)) throw new Error(`there is no instance ${instanceId}`);
        return streamConsole(this.#consoleFile(instanceId), response);
      },
      sendRequests: (follow, response) => streamRequests(cloud.requests, follow, response),
      changeSettings: (changes: Record<string, unknown>) => this.#change(changes),
      setFault: (fault: Record<string, unknown>) => cloud.setFault(wantedFault(fault)),
      clearFault: (name: unknown) => cloud.clearFault(name === undefined ? undefined : faultNamed(name)),
      stop: () => this.stop(),
    };
  }

  #followHost(): void {
    const look = followHost(this.#identity);
    const failed = (error: unknown): void =>
      log(`the host's network was not looked at: ${error instanceof Error ? error.message : String(error)}`);
    setInterval(() => void look().catch(failed), NETWORK_CHECK_MS).unref();
  }

  #consoleFile(instanceId: string): string {
    return join(this.#places.consoleDirectory, `${instanceId}.log`);
  }

  #limitLogs(): void {
    limitLog(this.#places.logFile); // its writer, our standard output, appends
    limitLogs(this.#places.consoleDirectory);
  }

  #status(cloud: Cloud): CloudStatus {
    const { name, ec2Url, s3Url, endpoint } = this.#identity;
    return {
      ...this.#settings,
      name,
      running: true,
      pid: process.pid,
      ec2Url,
      s3Url,
      endpoint,
      region: REGION,
      pageUrl: `${endpoint}/#${pageToken(cloud.credentials)}`,
      ...cloud.credentials,
      ...cloud.describe(),
      dns: this.#dns?.place ?? "",
      faults: cloud.faults.active,
      logFile: this.#places.logFile,
    };
  }

  #change({ moveDelayMs, cutOnMove, clockFactor }: Record<string, unknown>): void {
    const changes = {
      ...(typeof moveDelayMs === "number" && { moveDelayMs }),
      ...(typeof cutOnMove === "boolean" && { cutOnMove }),
      ...(typeof clockFactor === "number" && { clockFactor }),
    };
    this.#settings = { ...this.#settings, ...changes };
    this.#forwarder?.change(changes);
    if (this.#cloud) this.#cloud.world.clockFactor = this.#settings.clockFactor;
    writeSettings(this.#places, this.#settings);
  }
}

async function listen(server: Server, address: string, port: number): Promise<Server> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => {
      if (!("code" in error) || error.code !== "EADDRINUSE") reject(error);
      const what = `something else listens at ${address}:${port}, perhaps another user's cloud of the same name.`;
      reject(new LocalCloudError("OTHER_OWNER", `${what} Stop that one, or choose another name.`, { cause: error }));
    });
    server.listen(port, address, resolve);
  });
  return server;
}

/** Standard output is the cloud's log file. */
function log(line: string): void {
  process.stdout.write(`${new Date().toISOString()} ${line}\n`);
}
