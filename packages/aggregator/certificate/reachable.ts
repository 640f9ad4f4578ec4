import { randomBytes } from "node:crypto";
import type { CertificateStore } from "./store.ts";

/** Asks the name servers for a name's IPv4 addresses. */
export type Resolve = (name: string) => Promise<readonly string[]>;

/** Why a certificate authority would not find this server by the names; undefined when it would. */
export async function leadsElsewhere(
  names: readonly string[],
  { resolve, publicAddress }: { readonly resolve: Resolve; readonly publicAddress: string },
): Promise<string | undefined> {
  if (publicAddress === "") return "the metadata service does not say which public address this server has";
  for (const name of names) {
    const addresses = await resolve(name).catch((): readonly string[] => []);
    if (addresses.length === 0) return `${name} has no address in the DNS`;
    if (!addresses.includes(publicAddress))
      return `${name} leads to ${[...addresses].sort().slice(0, 4).join(", ")}, and this server has the address ${publicAddress}`;
  }
  return undefined;
}

/** Reads what lies at an address; undefined when nothing does, or nobody answers. */
export type ReadUrl = (url: string) => Promise<string | undefined>;

/**
 * Whether a server that the names lead to answers from the planet's bucket, as every server of the planet does: tried with an answer to
 * no challenge. @throws {UploadError}
 */
export async function isAnsweredElsewhere(
  names: readonly string[],
  { store, readUrl }: { readonly store: CertificateStore; readonly readUrl: ReadUrl },
): Promise<boolean> {
  const [token, text] = ["planet-trial", randomBytes(16).toString("hex")];
  await store.writeAnswer(token, text);
  const answers = names.map((name) => readUrl(`http://${name}/.well-known/acme-challenge/${token}`));
  return (await Promise.all(answers)).every((answer) => answer === text);
}
