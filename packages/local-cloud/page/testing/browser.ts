import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** Debian's Chromium, driven by its own protocol. https://chromedevtools.github.io/devtools-protocol/ */
export class Browser {
  readonly #process: ChildProcess;
  readonly #profile: string;
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  /** What a page has said on its console, and what it has thrown. */
  readonly said: string[] = [];
  #session: string | undefined;
  #count = 0;

  static async start(): Promise<Browser> {
    const profile = mkdtempSync(join(tmpdir(), "planet-browser-"));
    const options = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-proxy-server"];
    const child = spawn("chromium", [...options, `--user-data-dir=${profile}`, "--remote-debugging-port=0"], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    let url = "";
    for await (const line of createInterface({ input: child.stderr })) {
      url = /listening on (ws:\S+)/.exec(line)?.[1] ?? "";
      if (url !== "") break;
    }
    child.stderr.resume();
    const socket = new WebSocket(url);
    await new Promise((resolve, reject) => {
      socket.addEventListener("open", resolve);
      socket.addEventListener("error", () => reject(new Error("Chromium did not start")));
    });
    return new Browser(child, profile, socket);
  }

  private constructor(child: ChildProcess, profile: string, socket: WebSocket) {
    this.#process = child;
    this.#profile = profile;
    this.#socket = socket;
    socket.addEventListener("message", ({ data }) => this.#hear(JSON.parse(String(data)) as Message));
  }

  /** A new tab, and the one that is driven from now on. */
  async open(url: string, { width = 1440, height = 900 } = {}): Promise<void> {
    const { targetId } = await this.#send<{ targetId: string }>("Target.createTarget", { url: "about:blank" });
    const attached = { targetId, flatten: true };
    this.#session = (await this.#send<{ sessionId: string }>("Target.attachToTarget", attached)).sessionId;
    await this.#send("Runtime.enable");
    await this.#send("Page.enable");
    await this.#send("Log.enable");
    await this.resize(width, height);
    await this.#send("Page.navigate", { url });
  }

  async resize(width: number, height: number): Promise<void> {
    const mobile = width < 600;
    await this.#send("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile });
  }

  async prefers(scheme: "light" | "dark"): Promise<void> {
    const features = [
      { name: "prefers-color-scheme", value: scheme },
      { name: "prefers-reduced-motion", value: "reduce" },
    ];
    await this.#send("Emulation.setEmulatedMedia", { features });
  }

  /** The value of an expression in the page. */
  async evaluate<T>(expression: string): Promise<T> {
    const asked = { expression, returnByValue: true, awaitPromise: true };
    const { result, exceptionDetails } = await this.#send<Evaluated<T>>("Runtime.evaluate", asked);
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  /** Waits until an expression in the page is true. */
  async until(expression: string, limitMs = 20_000): Promise<void> {
    const end = Date.now() + limitMs;
    while (!(await this.evaluate<unknown>(expression).catch(() => false))) {
      if (Date.now() > end) {
        const text = await this.evaluate<string>("document.body.innerText");
        throw new Error(`did not become true: ${expression}\n${this.said.join("\n")}\n${text}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** PNG of what is in the window, or of the whole page. */
  async screenshot(isWhole = false): Promise<Buffer> {
    const asked = { format: "png", captureBeyondViewport: isWhole };
    return Buffer.from((await this.#send<{ data: string }>("Page.captureScreenshot", asked)).data, "base64");
  }

  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once("exit", resolve));
    this.#process.kill("SIGKILL");
    await ended;
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 10 });
  }

  #send<T>(method: string, params: Readonly<Record<string, unknown>> = {}): Promise<T> {
    this.#count += 1;
    const id = this.#count;
    const sessionId = method.startsWith("Target.") ? undefined : this.#session;
    this.#socket.send(JSON.stringify({ id, method, params, ...(sessionId !== undefined && { sessionId }) }));
    return new Promise<unknown>((resolve, reject) => this.#waiting.set(id, { resolve, reject })) as Promise<T>;
  }

  #hear({ id, result, error, method, params }: Message): void {
    if (method === "Runtime.exceptionThrown" || method === "Log.entryAdded") this.said.push(JSON.stringify(params));
    if (id === undefined) return;
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error) waiting?.reject(new Error(error.message));
    else waiting?.resolve(result);
  }
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

interface Evaluated<T> {
  readonly result: { readonly value: T };
  readonly exceptionDetails?: { readonly text: string; readonly exception?: { readonly description?: string } };
}
