import { readFile } from "node:fs/promises";
import type { OrderRecord, StatusJson } from "@planet/content";
import { writeAtomically } from "../files.ts";
import type { HeldCertificate } from "./held.ts";
import type { Trouble } from "./lying.ts";

/** What a run has found out, for the reload that ends it. */
export interface CertificateReport {
  readonly at: string;
  readonly names: readonly string[];
  readonly troubles: readonly Trouble[];
  readonly order: OrderRecord | undefined;
}

/** The file that everybody may read: nothing in it is secret. */
export interface CertificateStatusFile {
  readonly schema: 1;
  /** When the unit ran last. */
  readonly at: string;
  readonly troubles: readonly Trouble[];
  readonly certificate: NonNullable<StatusJson["certificate"]>;
}

export async function writeReport(path: string, report: CertificateReport): Promise<void> {
  await writeAtomically(path, `${JSON.stringify(report)}\n`, 0o600);
}

/** Of the run that has just ended. @throws {Error} when there was none. */
export async function readReport(path: string): Promise<CertificateReport> {
  return JSON.parse(await readFile(path, "utf8")) as CertificateReport;
}

/** @param held What nginx uses. */
export function certificateStatusFile(
  report: CertificateReport,
  held: HeldCertificate | undefined,
): CertificateStatusFile {
  const { at, names, troubles, order } = report;
  const message = troubles.map((trouble) => trouble.message).join("; ");
  return {
    ...{ schema: 1, at, troubles },
    certificate: {
      state: held === undefined ? "none" : troubles.length > 0 ? "degraded" : "on",
      names,
      ...(message !== "" && { message }),
      ...(held && factsOf(held)),
      ...(order && { last_order: lastOrder(order) }),
    },
  };
}

function factsOf({ object }: HeldCertificate) {
  const { issuer, notBefore, notAfter, fingerprint, source, placedAt } = object;
  return { issuer, not_before: notBefore, not_after: notAfter, fingerprint, source, placed_at: placedAt };
}

function lastOrder({ time, by, result, message, notBefore }: OrderRecord) {
  return { time, by, result, ...(message !== "" && { message }), not_before: notBefore };
}
