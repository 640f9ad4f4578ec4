import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import { get } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { json } from "node:stream/consumers";
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

const canConnect = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => resolve(true));
    socket.on("error", () => resolve(false));
    socket.on("connect", () => socket.end());
  });

/** A real ACME server in strict mode, with a name server that says what a test wants. Names are 127.0.0.1 unless set. */
export class Pebble {
  readonly directory: string;
  /** Of the root that its https is to be trusted by, PEM. */
  readonly rootFile: string;
  /** Where it looks for answers to challenges: a test listens there. */
  readonly httpPort: number;
  /** Address of its name server. */
  readonly dns: string;
  readonly #management: string;
  readonly #folder: string;
  readonly #children: ChildProcess[];

  static async start(): Promise<Pebble> {
    const programs = await ensurePebble();
    const folder = await mkdtemp(join(tmpdir(), "planet-pebble-"));
    const [api = 0, management = 0, dns = 0, dnsManagement = 0, httpPort = 0] = await Promise.all(
      Array.from({ length: 5 }, freePort),
    );
    const root = new TestAuthority("Pebble's https");
    const { key, chain } = root.issue({ names: ["localhost"] });
    const [keyFile, chainFile, rootFile] = ["key.pem", "chain.pem", "root.pem"].map((name) => join(folder, name));
    for (const [file = "", text] of [
      [keyFile, key],
      [chainFile, chain],
      [rootFile, root.certificate],
    ])
      await writeFile(file, text ?? "");
    const configuration = {
      ...{ listenAddress: `127.0.0.1:${api}`, managementListenAddress: `127.0.0.1:${management}` },
      ...{ certificate: chainFile, privateKey: keyFile, httpPort, tlsPort: 1, retryAfter: { authz: 1, order: 1 } },
    };
    await writeFile(join(folder, "pebble.json"), JSON.stringify({ pebble: configuration }));
    const environment = { ...process.env, PEBBLE_VA_NOSLEEP: "1", PEBBLE_AUTHZREUSE: "0" };
    const run = (program: string, args: string[]) =>
      spawn(join(programs, program), args, { env: environment, stdio: "ignore" });
    const off = ["-doh", "", "-http01", "", "-https01", "", "-tlsalpn01", "", "-defaultIPv6", ""];
    const children = [
      run("pebble-challtestsrv", [
        ...off,
        "-dnsserver",
        `127.0.0.1:${dns}`,
        "-management",
        `127.0.0.1:${dnsManagement}`,
      ]),
      run("pebble", ["-strict", "-config", join(folder, "pebble.json"), "-dnsserver", `127.0.0.1:${dns}`]),
    ];
    const places = { api, dns, dnsManagement, httpPort, rootFile: rootFile ?? "", folder };
    const pebble = new Pebble(places, children);
    await waitFor("Pebble to listen", 20, () => canConnect(api));
    await waitFor("Pebble's name server to listen", 20, () => canConnect(dnsManagement));
    return pebble;
  }

  private constructor(
    places: { api: number; dns: number; dnsManagement: number; httpPort: number; rootFile: string; folder: string },
    children: ChildProcess[],
  ) {
    this.directory = `https://localhost:${places.api}/dir`;
    this.dns = `127.0.0.1:${places.dns}`;
    this.httpPort = places.httpPort;
    this.rootFile = places.rootFile;
    this.#management = `http://127.0.0.1:${places.dnsManagement}`;
    this.#folder = places.folder;
    this.#children = children;
  }

  /** What the name server says of a name from now on. */
  async setName(host: string, address: string): Promise<void> {
    await this.#ask("clear-a", { host });
    await this.#ask("add-a", { host, addresses: [address] });
  }

  /** Its directory. */
  async resources(): Promise<Readonly<Record<string, unknown>>> {
    const ca = await readFile(this.rootFile);
    const [answer] = (await once(
      get(this.directory, { ca, headers: { "User-Agent": "planet-test" } }),
      "response",
    )) as [IncomingMessage];
    return (await json(answer)) as Record<string, unknown>;
  }

  async #ask(what: string, body: object): Promise<void> {
    const answer = await fetch(`${this.#management}/${what}`, { method: "POST", body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`the name server answered ${answer.status}`);
  }

  async stop(): Promise<void> {
    for (const child of this.#children) {
      child.kill();
      if (child.exitCode === null) await once(child, "exit");
    }
    await rm(this.#folder, { recursive: true, force: true });
  }
}
