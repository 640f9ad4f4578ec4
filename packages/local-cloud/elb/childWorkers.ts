import { type ChildProcess, fork } from "node:child_process";
import { createServer, type Server, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { FromWorker, ToWorker } from "./proxy/messages.ts";
import type { ReportedState } from "./types.ts";
import type { BalancerWorker, WorkerHost, WorkerSettings } from "./worker.ts";

const MAIN = fileURLToPath(new URL("proxy/main.ts", import.meta.url));
/** A port of a worker that has just ended may still be taken. */
const RETRY_MS = 100;

/** Each worker as an unprivileged process. Its ports are opened here and handed over; each connection is then the worker's alone. */
export function childWorkers(log: (line: string) => void): WorkerHost {
  return { start: (name, address) => new ChildWorker(name, address, log) };
}

class ChildWorker implements BalancerWorker {
  readonly #address: string;
  readonly #child: ChildProcess;
  readonly #log: (line: string) => void;
  #states: ReadonlyMap<string, ReportedState> = new Map();
  #ports: readonly number[] = [];
  #hasEnded = false;

  constructor(name: string, address: string, log: (line: string) => void) {
    this.#address = address;
    this.#log = log;
    this.#child = fork(MAIN, [name], { cwd: "/", env: {}, stdio: ["ignore", "inherit", "inherit", "ipc"] });
    this.#child.on("message", (message: FromWorker) => this.#hear(message));
    this.#child.on("error", (error) => log(`load balancer ${name}: ${error.message}`));
    this.#child.once("exit", () => {
      this.#hasEnded = true;
    });
    log(`load balancer ${name} has a worker at ${address}, process ${this.#child.pid}`);
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  apply(settings: WorkerSettings): void {
    this.#tell({ kind: "settings", settings });
  }

  states(): ReadonlyMap<string, ReportedState> {
    return this.#states;
  }

  end(): void {
    this.#hasEnded = true;
    this.#child.kill("SIGKILL");
  }

  #hear(message: FromWorker): void {
    if (message.kind === "states") {
      this.#states = new Map(message.states);
      return;
    }
    const fresh = message.ports.filter((port) => !this.#ports.includes(port));
    this.#ports = message.ports;
    for (const port of fresh) void this.#open(port);
  }

  async #open(port: number): Promise<void> {
    while (!this.#hasEnded && this.#ports.includes(port)) {
      try {
        const server = await listening(port, this.#address, (socket) => {
          this.#tell({ kind: "connection", port }, socket);
        });
        this.#tell({ kind: "listening", port }, server, () => server.close());
        return;
      } catch (error) {
        this.#log(
          `${this.#address}:${port} is not served yet: ${error instanceof Error ? error.message : String(error)}`,
        );
        await delay(RETRY_MS, undefined, { ref: false });
      }
    }
  }

  #tell(message: ToWorker, handle?: Parameters<ChildProcess["send"]>[1], done = (): void => {}): void {
    if (this.#child.connected) this.#child.send(message, handle, {}, done);
    else done();
  }
}

/** Connections that come before the socket is handed over are not lost. */
function listening(port: number, address: string, early: (socket: Socket) => void): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer({ pauseOnConnect: true, allowHalfOpen: true }, early);
    server.once("error", reject);
    server.listen(port, address, () => resolve(server));
  });
}
