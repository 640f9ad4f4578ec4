import { type CertificateObject, isMeantFor, readCertificateObject } from "@planet/content";
import { messageOf } from "@planet/errors";
import { askStatus, type Edges, type StatusAnswer, statusIn } from "./waiting.ts";

/** How the planet's certificate is known from outside; all empty for a planet without a host. */
export interface CertificateTask {
  /** Names with commas between them, the canonical one first. */
  readonly host: string;
  /** Of the key that this server opens the certificate with. */
  readonly keyId: string;
  /** Where the certificate lies, its key and chain sealed. */
  readonly certificateUrl: string;
}

export const NO_HTTPS: CertificateTask = { host: "", keyId: "", certificateUrl: "" };

/** What to do about a certificate that no server shows: whoever has had a permit may have written anything. */
export const HTTPS_NEXT =
  "Check port 443 from here. `npx planet certificate remove` takes the certificate out of the bucket: without one, https is not asked for.";

type CertificateEdges = Pick<Edges, "get" | "date" | "say">;

/** The certificate that a server has to show, or why it need not show any. */
type Found = { readonly fingerprint: string } | { readonly why: string };

/**
 * Asks a server for a release: by http, and by https at the same address where the bucket has a certificate for this very release.
 * Any other object counts as none: an old one, or one of another key, blocks no deploy. It is told by its fingerprint, because a
 * company's authority is in no trust store. What the bucket had when the waiting began is good, too: it may be renewed meanwhile.
 */
export async function serverAsker(
  { release, ...task }: CertificateTask & { readonly release: string },
  edges: CertificateEdges,
): Promise<(address: string) => Promise<StatusAnswer>> {
  if (task.host === "") return (address) => askStatus(address, release, edges);
  const first = await findCertificate(task, edges);
  let warned = "";
  return async (address) => {
    const plain = await askStatus(address, release, edges);
    if (!plain.isServed) return plain;
    const now = await findCertificate(task, edges, first);
    if ("fingerprint" in now) return askTls({ address, release, host: canonical(task) }, [first, now], edges);
    if (warned !== now.why) {
      edges.say(
        `warning: ${canonical(task)} has no certificate (${now.why}); until it has one, the planet is served by plain http`,
      );
    }
    warned = now.why;
    return plain;
  };
}

const canonical = ({ host }: CertificateTask): string => host.split(",")[0] ?? "";

/** @param otherwise What is said when the bucket does not answer. */
async function findCertificate(
  { certificateUrl, host, keyId }: CertificateTask,
  edges: CertificateEdges,
  otherwise?: Found,
): Promise<Found> {
  try {
    const { status, text } = await edges.get(certificateUrl);
    if (status === 404 || status === 403) return { why: "none is in the bucket yet" };
    if (status !== 200) throw new Error(`HTTP ${status}`);
    return judge(readCertificateObject(text), { keyId, names: host.split(","), now: edges.date() });
  } catch (error) {
    return otherwise ?? { why: `it cannot be read: ${messageOf(error)}` };
  }
}

function judge(
  object: CertificateObject,
  { keyId, names, now }: { readonly keyId: string; readonly names: readonly string[]; readonly now: Date },
): Found {
  const { fingerprint, notBefore, notAfter } = object;
  if (object.keyId !== keyId) return { why: "the one in the bucket is sealed with an earlier key" };
  if (!isMeantFor(object, keyId, names)) return { why: "the one in the bucket is for other names" };
  if (now >= new Date(notAfter)) return { why: `the one in the bucket was valid until ${notAfter}` };
  if (now < new Date(notBefore)) return { why: `the one in the bucket is valid from ${notBefore}` };
  return { fingerprint };
}

async function askTls(
  { address, release, host }: { readonly address: string; readonly release: string; readonly host: string },
  accepted: readonly Found[],
  edges: CertificateEdges,
): Promise<StatusAnswer> {
  const failed = (why: string): StatusAnswer => ({ isServed: false, tls: why, summary: `https://${host}: ${why}` });
  try {
    const answer = await edges.get(`https://${host}/status.json`, address);
    const { fingerprint } = answer;
    if (!accepted.some((found) => "fingerprint" in found && found.fingerprint === fingerprint)) {
      return failed("it shows another certificate than the bucket has");
    }
    const status = statusIn(answer, release);
    return status.isServed ? status : failed(status.summary);
  } catch (error) {
    return failed(messageOf(error));
  }
}
