import type { CaaRecord } from "node:dns";
import { resolve4, resolveCaa } from "node:dns/promises";
import { connect } from "node:tls";
import { codeOf } from "@planet/errors";
import { addressesOf } from "@planet/eucalyptus-client/nameServer";
import { type Asked, ask } from "./asked.ts";

/** What the world sees of a planet's names. */
export interface HostFacts {
  /** The canonical one first. */
  readonly names: readonly NameFacts[];
  /** Undefined before the first deploy. */
  readonly place?: Place;
  /** By https at the first of its addresses with the first name; undefined without one. */
  readonly tls?: Asked<ChainFacts>;
}

/** Where the planet is. */
export interface Place {
  /** Where a name may lead to; more than one behind a balancer, and while a name moves to or from one. */
  readonly addresses: readonly string[];
  /** The balancer's name. */
  readonly balancer?: string;
}

interface NameFacts {
  readonly name: string;
  /** A records; empty where there are none. */
  readonly addresses: Asked<readonly string[]>;
  /** Authorities that the CAA records in effect allow; empty where there are none. */
  readonly authorities: Asked<readonly string[]>;
}

interface ChainFacts {
  /** Why this machine does not trust it; undefined: it does. */
  readonly distrust?: string;
}

/** The name servers, and where https is answered; tests pass their own. */
export interface HostEdges {
  readonly resolve4: (name: string) => Promise<readonly string[]>;
  readonly resolveCaa: (name: string) => Promise<readonly Pick<CaaRecord, "issue">[]>;
  readonly port: number;
  /** PEM of the only authority to trust; absent: those that Node trusts. */
  readonly ca?: string;
}

const TIMEOUT_MS = 8_000;
const WORLD: HostEdges = { resolve4, resolveCaa, port: 443 };

export async function readHost(names: readonly string[], place: Place, edges = WORLD): Promise<HostFacts> {
  const [host = ""] = names;
  const [address] = place.addresses;
  const [facts, tls] = await Promise.all([
    Promise.all(names.map((name) => readName(name, edges))),
    address === undefined ? undefined : ask(readChain(host, address, edges)),
  ]);
  return { names: facts, ...(address !== undefined && { place }), ...(tls && { tls }) };
}

/** Of a planet with these outputs, on the cloud at this endpoint. */
export async function readPlace({ dnsName, address }: Outputs, endpoint: string): Promise<Place> {
  const elastic = address === undefined ? [] : [address];
  if (dnsName === undefined) return { addresses: elastic };
  const those = await addressesOf(dnsName, new URL(endpoint).hostname).catch(() => []);
  return { addresses: [...those, ...elastic], balancer: dnsName };
}

type Outputs = Readonly<Partial<Record<"dnsName" | "address", string>>>;

async function readName(name: string, edges: HostEdges): Promise<NameFacts> {
  const [addresses, authorities] = await Promise.all([
    ask(edges.resolve4(name).catch(orNone)),
    ask(readAuthorities(name, edges)),
  ]);
  return { name, addresses, authorities };
}

/** The records of the closest name that has any, upwards (RFC 8659). */
async function readAuthorities(name: string, edges: HostEdges): Promise<readonly string[]> {
  const records = await edges.resolveCaa(name).catch(orNone);
  const issuers = records.flatMap(({ issue }) => (issue === undefined ? [] : [issue.split(";")[0]?.trim() ?? ""]));
  const parent = name.slice(name.indexOf(".") + 1);
  return records.length > 0 || !parent.includes(".") ? issuers : readAuthorities(parent, edges);
}

/** That there is no such name, or no such record, is an answer. */
function orNone(error: unknown): [] {
  if (["ENOTFOUND", "ENODATA"].includes(String(codeOf(error)))) return [];
  throw error;
}

function readChain(host: string, address: string, { port, ca }: HostEdges): Promise<ChainFacts> {
  return new Promise((resolve, reject) => {
    const trust = { servername: host, rejectUnauthorized: false, ...(ca !== undefined && { ca }) };
    const options = { host: address, port, ...trust };
    const socket = connect({ ...options, timeout: TIMEOUT_MS }, () => {
      const { authorized, authorizationError } = socket;
      resolve(authorized ? {} : { distrust: String(authorizationError) });
      socket.destroy();
    });
    socket.on("timeout", () => socket.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)));
    socket.on("error", reject);
  });
}
