import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import { request } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { TestAuthority } from "../../packages/content/testing/index.ts";
import { ensureEntry } from "../../packages/toolchain/cacheEntry.ts";
import { findGo } from "../../packages/toolchain/go.ts";
import { cliCache } from "../../packages/toolchain/places.ts";
import { lastLines, runProcess } from "../../packages/toolchain/runProcess.ts";
import { waitFor } from "./wait.ts";

/** go.mod and go.sum: version and hashes of Let's Encrypt's test authority, and of its name server. */
const RECIPE = fileURLToPath(new URL("pebble", import.meta.url));
const PROGRAMS = ["pebble", "pebble-challtestsrv"] as const;

/** Builds both from their Go modules, once per user and recipe. @returns the folder that holds them. */
async function ensurePebble(environment: NodeJS.ProcessEnv = process.env): Promise<string> {
  const hash = createHash("sha256");
  for (const file of ["go.mod", "go.sum"]) hash.update(await readFile(join(RECIPE, file)));
  const entry = join(dirname(cliCache(environment)), "pebble", hash.digest("hex").slice(0, 12));
  const say = (line: string) => void process.stderr.write(`${line}\n`);
  return ensureEntry(entry, (partial) => build(partial, environment, say), say);
}

async function build(partial: string, environment: NodeJS.ProcessEnv, say: (line: string) => void): Promise<void> {
  const work = join(partial, "work");
  const temporary = join(work, "tmp");
  await rm(temporary, { recursive: true, force: true });
  await mkdir(temporary, { recursive: true });
  await cp(RECIPE, work, { recursive: true });
  const go = await findGo(work, environment, say);
  for (const program of PROGRAMS) {
    const args = [
      "build",
      "-trimpath",
      "-modcacherw",
      "-o",
      join(work, program),
      `github.com/letsencrypt/pebble/v2/cmd/${program}`,
    ];
    const { code, output } = await runProcess(go, args, {
      cwd: work,
      environment: {
        GOCACHE: join(work, "build-cache"),
        GOMODCACHE: join(work, "modules"),
        ...environment,
        ...{ GOTMPDIR: temporary, GOFLAGS: "-mod=readonly", GOWORK: "off", GOTOOLCHAIN: "local", CGO_ENABLED: "0" },
      },
    });
    if (code !== 0) throw new Error(`building ${program} failed:\n${lastLines(output)}`);
    await rename(join(work, program), join(partial, program));
  }
  await rm(work, { recursive: true, force: true });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const canConnect = (place: string): Promise<boolean> =>
  new Promise((resolve) => {
    const [host, port] = place.split(":");
    const socket = connect(Number(port), host, () => resolve(true));
    socket.on("error", () => resolve(false));
    socket.on("connect", () => socket.end());
  });

/** Where it is found; each place is `<address>:<port>`. */
export interface PebblePlaces {
  /** Name of its directory's host. */
  readonly name: string;
  readonly directory: string;
  /** Of its name server. */
  readonly dns: string;
  /** Where it looks for answers to challenges. */
  readonly httpPort: number;
}

/** On this machine alone: a test listens where the authority looks for answers. */
async function placesHere(): Promise<PebblePlaces> {
  const [api = 0, dns = 0, httpPort = 0] = await Promise.all(Array.from({ length: 3 }, freePort));
  return { name: "localhost", directory: `127.0.0.1:${api}`, dns: `127.0.0.1:${dns}`, httpPort };
}

/** A real ACME server in strict mode, with a name server that says what a test wants. Names have no address unless set. */
export class Pebble {
  readonly directory: string;
  /** Of the root that its https is to be trusted by, PEM. */
  readonly rootFile: string;
  /** Where it looks for answers to challenges: a test listens there. */
  readonly httpPort: number;
  /** Address of its name server. */
  readonly dns: string;
  /** How many orders it has got. */
  orders = 0;
  readonly #management: string;
  readonly #names: string;
  readonly #folder: string;
  readonly #children: ChildProcess[];

  static async start(wanted?: PebblePlaces): Promise<Pebble> {
    const places = wanted ?? (await placesHere());
    const programs = await ensurePebble();
    const folder = await mkdtemp(join(tmpdir(), "planet-pebble-"));
    const [management, names] = [`127.0.0.1:${await freePort()}`, `127.0.0.1:${await freePort()}`];
    const root = new TestAuthority("Pebble's https");
    const { key, chain } = root.issue({ names: [places.name, "localhost"] });
    const [keyFile, chainFile, rootFile = ""] = ["key.pem", "chain.pem", "root.pem"].map((name) => join(folder, name));
    for (const [file = "", content] of [
      [keyFile, key],
      [chainFile, chain],
      [rootFile, root.certificate],
    ])
      await writeFile(file, content ?? "");
    const configuration = {
      ...{ listenAddress: places.directory, managementListenAddress: management, httpPort: places.httpPort },
      ...{ certificate: chainFile, privateKey: keyFile, tlsPort: 1, retryAfter: { authz: 1, order: 1 } },
    };
    await writeFile(join(folder, "pebble.json"), JSON.stringify({ pebble: configuration }));
    const environment = { ...process.env, PEBBLE_VA_NOSLEEP: "1", PEBBLE_AUTHZREUSE: "0" };
    const run = (program: string, args: string[]) =>
      spawn(join(programs, program), args, { env: environment, stdio: ["ignore", "pipe", "ignore"] });
    const off = ["-doh", "", "-http01", "", "-https01", "", "-tlsalpn01", "", "-defaultIPv4", "", "-defaultIPv6", ""];
    const children = [
      run("pebble-challtestsrv", [...off, "-dnsserver", places.dns, "-management", names]),
      run("pebble", ["-strict", "-config", join(folder, "pebble.json"), "-dnsserver", places.dns]),
    ];
    const pebble = new Pebble(places, { management, names, folder, rootFile }, children);
    await waitFor("Pebble to listen", 20, () => canConnect(places.directory));
    await waitFor("Pebble's name server to listen", 20, () => canConnect(names));
    return pebble;
  }

  private constructor(
    { name, directory, dns, httpPort }: PebblePlaces,
    own: { management: string; names: string; folder: string; rootFile: string },
    children: ChildProcess[],
  ) {
    this.directory = `https://${name}:${directory.split(":")[1]}/dir`;
    this.dns = dns;
    this.httpPort = httpPort;
    this.rootFile = own.rootFile;
    this.#management = `https://localhost:${own.management.split(":")[1]}`;
    this.#names = `http://${own.names}`;
    this.#folder = own.folder;
    this.#children = children;
    for (const { stdout } of children)
      if (stdout) createInterface({ input: stdout }).on("line", (line) => this.#count(line));
  }

  /** What it writes for each request that it handles. */
  #count(line: string): void {
    if (line.includes("POST /order-plz ->")) this.orders += 1;
  }

  /** What the name server says of a name from now on. */
  async setName(host: string, address: string): Promise<void> {
    for (const [what, body] of [
      ["clear-a", { host }],
      ["add-a", { host, addresses: [address] }],
    ] as const) {
      const answer = await fetch(`${this.#names}/${what}`, { method: "POST", body: JSON.stringify(body) });
      if (!answer.ok) throw new Error(`the name server answered ${answer.status}`);
    }
  }

  /** Its directory. */
  async resources(): Promise<Readonly<Record<string, unknown>>> {
    return JSON.parse(await this.#ask(this.directory)) as Record<string, unknown>;
  }

  /** The root of the certificates that it issues, PEM. */
  root(): Promise<string> {
    return this.#ask(`${this.#management}/roots/0`);
  }

  /** From now on, it wants a certificate of its own to be renewed in this time (ARI). */
  async setRenewal(certificate: string, start: Date, end: Date): Promise<void> {
    const window = { start: start.toISOString(), end: end.toISOString() };
    const body = { Certificate: certificate, ARIResponse: JSON.stringify({ suggestedWindow: window }) };
    await this.#ask(`${this.#management}/set-renewal-info/`, JSON.stringify(body));
  }

  async #ask(url: string, body?: string): Promise<string> {
    const ca = await readFile(this.rootFile);
    const method = body === undefined ? "GET" : "POST";
    const asked = request(url, { ca, method, headers: { "User-Agent": "planet-test" } }).end(body);
    const [answer] = (await once(asked, "response")) as [IncomingMessage];
    const said = await text(answer);
    if (answer.statusCode !== 200) throw new Error(`${url} answered ${answer.statusCode}: ${said}`);
    return said;
  }

  async stop(): Promise<void> {
    for (const child of this.#children) {
      child.kill();
      if (child.exitCode === null) await once(child, "exit");
    }
    await rm(this.#folder, { recursive: true, force: true });
  }
}
