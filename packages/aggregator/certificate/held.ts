import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type CertificateObject, type PemPair, readCertificateObject, sha256Of } from "@planet/content";
import { linkTarget, readIfThere, switchLink, writeAtomically } from "../files.ts";
import type { CertificatePlaces } from "./places.ts";

/** The certificate that this server has taken. */
export interface HeldCertificate {
  readonly object: CertificateObject;
  /** As it lies, or is to lie, in the bucket. */
  readonly text: string;
  /** PEM. */
  readonly chain: string;
}

const [OBJECT_FILE, KEY_FILE, CHAIN_FILE] = ["certificate.json", "key.pem", "chain.pem"] as const;

/** What nginx uses, or will after the next reload. */
export async function readHeld({ current, next }: CertificatePlaces): Promise<HeldCertificate | undefined> {
  return (await heldIn(next)) ?? (await heldIn(current));
}

/** Undefined for a folder that is not there, or not whole. */
export async function heldIn(folder: string): Promise<HeldCertificate | undefined> {
  const text = (await readIfThere(join(folder, OBJECT_FILE)))?.toString("utf8");
  if (text === undefined) return undefined;
  try {
    return { object: readCertificateObject(text), text, chain: await readFile(join(folder, CHAIN_FILE), "utf8") };
  } catch {
    return undefined;
  }
}

/** Puts a certificate where nginx will find it: whole, under a name of its own, then in place by one rename. */
export async function hold(
  text: string,
  { key, chain }: PemPair,
  { tls, next }: CertificatePlaces,
): Promise<HeldCertificate> {
  const name = sha256Of(text).slice(0, 16);
  const folder = join(tls, name);
  await writeAtomically(join(folder, KEY_FILE), key, 0o600);
  await writeAtomically(join(folder, CHAIN_FILE), chain, 0o600);
  await writeAtomically(join(folder, OBJECT_FILE), text, 0o600);
  if ((await linkTarget(next)) !== name) await switchLink(next, name);
  return { object: readCertificateObject(text), text, chain };
}
