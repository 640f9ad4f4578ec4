/** Politeness towards one server: a browser opens six connections. */
const CONNECTIONS_PER_HOST = 2;
const NEW_CONNECTION_EVERY_MS = 1_000;

interface Host {
  running: number;
  /** Connections that the last answers left open; a request on one of them opens nothing. */
  idle: number;
  nextConnectionAt: number;
  waiting: (() => void)[];
}

/** Lets at most two requests at a time, and one new connection a second, through to each host. */
export class HostGate {
  readonly #hosts = new Map<string, Host>();
  readonly #spacingMs: number;

  constructor(spacingMs: number = NEW_CONNECTION_EVERY_MS) {
    this.#spacingMs = spacingMs;
  }

  /** @param keepsOpen says of the answer whether its connection can serve the next request. */
  async run<T>(name: string, send: () => Promise<T>, keepsOpen: (answer: T) => boolean): Promise<T> {
    const host = this.#host(name);
    while (host.running >= CONNECTIONS_PER_HOST) await new Promise<void>((resolve) => host.waiting.push(resolve));
    host.running += 1;
    try {
      await this.#connection(host);
      const answer = await send();
      if (keepsOpen(answer)) host.idle += 1;
      return answer;
    } finally {
      host.running -= 1;
      host.waiting.shift()?.();
    }
  }

  async #connection(host: Host): Promise<void> {
    if (host.idle > 0) {
      host.idle -= 1;
      return;
    }
    const now = Date.now();
    const at = Math.max(now, host.nextConnectionAt);
    host.nextConnectionAt = at + this.#spacingMs;
    if (at > now) await new Promise((resolve) => setTimeout(resolve, at - now));
  }

  #host(name: string): Host {
    const known = this.#hosts.get(name);
    if (known !== undefined) return known;
    const host = { running: 0, idle: 0, nextConnectionAt: 0, waiting: [] };
    this.#hosts.set(name, host);
    return host;
  }
}
