import { type OrderRecord, renewalId, sealCertificate } from "@planet/content";
import { holdsLease } from "../memory/lease.ts";
import { type Bucket, openBucket } from "../sync/bucket.ts";
import { UploadError } from "../sync/upload.ts";
import { firstLine } from "../text/firstLine.ts";
import { AcmeError } from "./acme/acmeError.ts";
import { orderCertificate } from "./acme/orderCertificate.ts";
import { renewalWindow } from "./acme/renewalWindow.ts";
import type { Send } from "./acme/send.ts";
import { type HeldCertificate, hold, readHeld } from "./held.ts";
import { type Lying, readLying, type Trouble } from "./lying.ts";
import { afterFailure, afterOrder, blockedUntil } from "./orderPace.ts";
import type { CertificatePlaces } from "./places.ts";
import { isAnsweredElsewhere, leadsElsewhere, type ReadUrl, type Resolve } from "./reachable.ts";
import { lateAt, renewAt } from "./renewal.ts";
import { writeReport } from "./report.ts";
import type { CertificateSettings } from "./settings.ts";
import { type CertificateState, readState, writeState } from "./state.ts";
import { CertificateStore } from "./store.ts";

/** What a run needs apart from its settings; tests pass their own. */
export interface CertificateTools {
  readonly send: Send;
  readonly resolve: Resolve;
  readonly readUrl: ReadUrl;
  /** Of this server, as the metadata service says it; empty when it does not. */
  readonly publicAddress: () => Promise<string>;
  readonly now: () => Date;
  readonly pause: (milliseconds: number) => Promise<void>;
  /** From 0 to 1. */
  readonly chance: () => number;
  readonly log: (line: string) => void;
}

/** Two servers that order at the same time see within this time whose order it is. */
const SETTLING_MS = 2_000;
const JITTER_MS = 3_000;
/** After a failure to ask for a renewal time. */
const ASK_AGAIN_MS = 3_600_000;

/**
 * One run of the certificate's unit: takes what lies in the bucket if it is newer and good, orders if it may and should. It changes
 * nothing that nginx uses: `reloadCertificate` does, outside of this unit's sandbox. What does not work is reported, and the
 * certificate in effect stays.
 * @returns one line for the journal.
 */
export async function runCertificate(
  settings: CertificateSettings,
  places: CertificatePlaces,
  tools: CertificateTools,
): Promise<string> {
  const bucket = openBucket(settings.bucketUrl);
  try {
    return await new CertificateRun(settings, places, tools, bucket).run();
  } finally {
    bucket.close();
  }
}

class CertificateRun {
  readonly #settings: CertificateSettings;
  readonly #places: CertificatePlaces;
  readonly #tools: CertificateTools;
  readonly #bucket: Bucket;
  readonly #store: CertificateStore;
  #troubles: readonly Trouble[] = [];
  #held: HeldCertificate | undefined;
  #state: CertificateState = {};
  #order: OrderRecord | undefined;
  #did = "unchanged";

  constructor(settings: CertificateSettings, places: CertificatePlaces, tools: CertificateTools, bucket: Bucket) {
    this.#settings = settings;
    this.#places = places;
    this.#tools = tools;
    this.#bucket = bucket;
    this.#store = new CertificateStore(bucket, settings);
  }

  async run(): Promise<string> {
    this.#held = await readHeld(this.#places);
    this.#state = await readState(this.#places.state);
    const lying = await readLying(this.#bucket, this.#settings, this.#tools.now());
    await this.#take(lying);
    if (lying.state !== "unknown") {
      await this.#storeAgain();
      this.#order = await this.#store.readOrder();
      if (await this.#isDue()) await this.#orderIfAllowed(lying);
    }
    this.#noticeEnd();
    await writeState(this.#places.state, this.#state);
    return this.#report();
  }

  /** The later one wins. A tampered, foreign or wrong one is named and left alone. */
  async #take(lying: Lying): Promise<void> {
    if ("trouble" in lying) this.#trouble(lying.trouble);
    if (lying.state !== "usable") return;
    if (this.#held && lying.object.placedAt <= this.#held.object.placedAt) return;
    this.#held = await hold(lying.text, lying.pair, this.#places);
    this.#did = "taken";
  }

  /** An upload after an order may have failed; the certificate must not be lost with this server. */
  async #storeAgain(): Promise<void> {
    if (this.#held === undefined || this.#state.unstored !== this.#held.object.fingerprint) return;
    await this.#storeCertificate(this.#held);
  }

  async #isDue(): Promise<boolean> {
    const held = this.#held;
    if (held === undefined) return true;
    return this.#isWanted() || this.#tools.now() >= renewAt(held.object, await this.#window(held));
  }

  /** Somebody has asked for an order since this certificate was placed (`planet certificate renew`). */
  #isWanted(): boolean {
    return this.#order?.result === "wanted" && (this.#held?.object.placedAt ?? "") < this.#order.time;
  }

  /** What the authority says of the renewal, asked no more often than it wants. */
  async #window(held: HeldCertificate) {
    if (this.#settings.directory === "" || held.object.source === "import") return undefined;
    const { window } = this.#state;
    const known = window?.fingerprint === held.object.fingerprint ? window : undefined;
    const isFresh = known !== undefined && this.#tools.now() < new Date(known.askAgain);
    const { start, end } = isFresh ? known : await this.#askWindow(held, known);
    return start && end ? { start: new Date(start), end: new Date(end) } : undefined;
  }

  /** An authority that does not answer, or has no such times, is asked again in an hour; what it said before holds. */
  async #askWindow({ object: { fingerprint }, chain }: HeldCertificate, known: CertificateState["window"]) {
    const { send, log } = this.#tools;
    const now = this.#tools.now();
    const said = await renewalWindow(this.#settings.directory, chain, { send, now }).catch((error: unknown) => {
      log(`renewal: ${firstLine(error)}`);
      return undefined;
    });
    const asked = said
      ? { fingerprint, start: iso(said.start), end: iso(said.end), askAgain: iso(said.askAgain) }
      : { ...known, fingerprint, askAgain: iso(new Date(now.getTime() + ASK_AGAIN_MS)) };
    this.#state.window = asked;
    return asked;
  }

  async #orderIfAllowed(lying: Lying): Promise<void> {
    const obstacle = await this.#obstacle(lying);
    if (obstacle === undefined) await this.#orderNow();
    // Until little time is left, a server that cannot renew is one that another server renews for.
    else if (this.#held === undefined || this.#isLate() || this.#isWanted()) this.#trouble(obstacle);
    else this.#tools.log(`waits: ${obstacle.message}`);
  }

  /** Why nothing is ordered now. */
  async #obstacle(lying: Lying): Promise<Trouble | undefined> {
    const { names, directory } = this.#settings;
    const source = this.#held?.object.source ?? ("object" in lying ? lying.object?.source : undefined);
    if (source === "import")
      return { code: "imported", message: "the certificate was imported, and a new one has to be imported, too" };
    if (directory === "")
      return { code: "not-ordered", message: "planet:acmeDirectory is off, and no certificate was imported" };
    const blocked = blockedUntil(this.#order, this.#tools.now());
    if (blocked) return waiting(this.#order, blocked);
    if (this.#settings.leasePrefix !== "") return this.#balancedObstacle(names);
    const publicAddress = await this.#tools.publicAddress();
    const elsewhere = await leadsElsewhere(names, { resolve: this.#tools.resolve, publicAddress });
    if (elsewhere === undefined) return undefined;
    // A server without a certificate may be a planet's next one: the one before it answers the challenge from the same bucket.
    const isAnswered = this.#held === undefined && (await this.#isAnswered(names));
    return isAnswered ? undefined : { code: "elsewhere", message: elsewhere };
  }

  /** Behind a balancer the names lead to no server's own address, and each of them answers from the bucket. */
  async #balancedObstacle(names: readonly string[]): Promise<Trouble | undefined> {
    const { leasePrefix, instanceId } = this.#settings;
    if (!(await holdsLease(this.#bucket, leasePrefix, instanceId)))
      return { code: "elsewhere", message: "another of the planet's servers orders its certificate" };
    if (await this.#isAnswered(names)) return undefined;
    return { code: "elsewhere", message: `${names.join(", ")} do not all lead to this planet's servers` };
  }

  async #isAnswered(names: readonly string[]): Promise<boolean> {
    return isAnsweredElsewhere(names, { store: this.#store, readUrl: this.#tools.readUrl }).catch(() => false);
  }

  async #orderNow(): Promise<void> {
    const before = this.#order;
    try {
      if (!(await this.#claim())) return;
      await this.#place(await this.#ordered());
      await this.#record("issued", "", afterOrder(this.#tools.now()));
    } catch (error) {
      this.#trouble(troubleOf(error));
      const retryAt = error instanceof AcmeError ? error.retryAt : undefined;
      const next = afterFailure(before, { now: this.#tools.now(), retryAt, chance: this.#tools.chance() });
      await this.#record("failed", firstLine(error), next).catch((failed: unknown) => this.#trouble(troubleOf(failed)));
    }
  }

  /** Says in the bucket that this server orders. @returns whether no other has said so at the same time. */
  async #claim(): Promise<boolean> {
    const { pause, now, chance } = this.#tools;
    await this.#record("ordering", "", afterOrder(now()));
    const mine = this.#order;
    await pause(SETTLING_MS + chance() * JITTER_MS);
    this.#order = (await this.#store.readOrder()) ?? mine;
    return this.#order?.by === mine?.by && this.#order?.time === mine?.time;
  }

  async #ordered() {
    const { directory, contact, names } = this.#settings;
    const { send, pause } = this.#tools;
    const accountKey = await this.#store.accountKey();
    const replaces = this.#state.window?.start && this.#held ? renewalId(this.#held.chain) : undefined;
    const answer = (token: string, text: string) => this.#store.writeAnswer(token, text);
    return orderCertificate({ directory, contact, names, accountKey, replaces }, { send, pause, answer });
  }

  async #place(pair: Awaited<ReturnType<typeof orderCertificate>>): Promise<void> {
    const { names, key } = this.#settings;
    const text = sealCertificate({ ...pair, names, source: "acme", placedAt: this.#tools.now() }, key);
    this.#held = await hold(text, pair, this.#places);
    this.#did = "ordered";
    // What lay there before is replaced.
    this.#troubles = [];
    await this.#storeCertificate(this.#held);
  }

  async #storeCertificate({ text, object }: HeldCertificate): Promise<void> {
    try {
      this.#state.unstored = object.fingerprint;
      await this.#store.writeCertificate(text);
      this.#state.unstored = undefined;
    } catch (error) {
      this.#trouble({ ...troubleOf(error), code: "not-stored" });
    }
  }

  async #record(result: OrderRecord["result"], message: string, notBefore: Date): Promise<void> {
    const { names, instanceId: by } = this.#settings;
    const time = this.#tools.now().toISOString();
    const record: OrderRecord = { schema: 1, time, by, names, result, message, notBefore: notBefore.toISOString() };
    await this.#store.writeOrder(record);
    this.#order = record;
  }

  #isLate(): boolean {
    return this.#held !== undefined && this.#tools.now() >= lateAt(this.#held.object);
  }

  #noticeEnd(): void {
    if (this.#held === undefined || !this.#isLate()) return;
    const { notAfter } = this.#held.object;
    const isOver = this.#tools.now() >= new Date(notAfter);
    this.#trouble({
      code: isOver ? "expired" : "expires",
      message: `the certificate in effect ${isOver ? "was" : "is"} valid until ${notAfter}`,
    });
  }

  #trouble(trouble: Trouble): void {
    this.#troubles = [...this.#troubles, trouble];
    this.#tools.log(`${trouble.code}: ${trouble.message}`);
  }

  async #report(): Promise<string> {
    const { names } = this.#settings;
    const at = this.#tools.now().toISOString();
    const order = this.#order?.result === "wanted" ? undefined : this.#order;
    await writeReport(this.#places.report, { at, names, troubles: this.#troubles, order });
    const until = this.#held ? `until=${this.#held.object.notAfter}` : "none";
    return `certificate ${this.#troubles.length === 0 ? "ok" : "degraded"} ${this.#did} ${until}`;
  }
}

const iso = (time: Date): string => time.toISOString();

/** An order was tried lately, by this server or another. */
function waiting(order: OrderRecord | undefined, until: Date): Trouble {
  const next = `the next order is possible from ${until.toISOString()}`;
  if (order?.result === "failed") return { code: "order-failed", message: `${order.message}; ${next}` };
  const words =
    order?.result === "ordering" ? `${order.by || "another server"} is ordering` : "the last order was a moment ago";
  return { code: "order-waits", message: `${words}; ${next}` };
}

/** A permit that was revoked, or a bucket that is down, stops an order before an authority hears of it. */
function troubleOf(error: unknown): Trouble {
  if (error instanceof UploadError) {
    const words =
      error.code === "REFUSED" ? "the permit for the certificate is refused" : "the bucket cannot be written";
    return { code: error.code === "REFUSED" ? "permit" : "bucket", message: `${words}: ${error.message}` };
  }
  return { code: "order-failed", message: firstLine(error) };
}
