import type { StatusJson } from "@planet/content";
import type { CertificateStatusFile } from "../certificate/report.ts";
import { readIfThere } from "../files.ts";
import type { Notice } from "./decide.ts";
import type { SyncSettings } from "./settings.ts";

/** The certificate as status.json shows it. */
export interface ShownCertificate {
  readonly certificate: StatusJson["certificate"];
  readonly notices: readonly Notice[];
}

/** As long as the certificate's unit may miss its turn: it waits for an authority. */
const MISSED_INTERVALS = 3;
const FRESH_MS = 600_000;

/** Reads what the certificate's unit has said last; nothing of it on a server without a host. */
export async function shownCertificate(
  { host, certificateStatus, intervalSeconds }: Pick<SyncSettings, "host" | "certificateStatus" | "intervalSeconds">,
  now: Date,
): Promise<ShownCertificate> {
  if (host.length === 0) return { certificate: undefined, notices: [] };
  const said = await readStatusFile(certificateStatus);
  if (said === undefined) {
    const message = "the certificate's unit has not run yet";
    return { certificate: { state: "none", names: host, message }, notices: [] };
  }
  const notices = said.troubles.map(({ code, message }) => ({ name: "", code: `certificate-${code}`, message }));
  const ageMs = now.getTime() - Date.parse(said.at);
  if (ageMs > Math.max(FRESH_MS, MISSED_INTERVALS * intervalSeconds * 1_000)) {
    const message = `the certificate's unit has not ended since ${said.at}`;
    notices.push({ name: "", code: "certificate-stale", message });
  }
  return { certificate: said.certificate, notices };
}

/** Root writes it whole. */
async function readStatusFile(path: string): Promise<CertificateStatusFile | undefined> {
  try {
    const text = (await readIfThere(path))?.toString("utf8");
    return text === undefined ? undefined : (JSON.parse(text) as CertificateStatusFile);
  } catch {
    return undefined;
  }
}
