import { readIfThere, writeAtomically } from "../files.ts";

/** What one server knows of its certificate from run to run. */
export interface CertificateState {
  /** Of the certificate that the server holds and could not store: its fingerprint. */
  unstored?: string | undefined;
  /** When the authority wants that certificate to be renewed, and when to ask it again. Times are ISO. */
  window?: {
    readonly fingerprint: string;
    readonly start?: string;
    readonly end?: string;
    readonly askAgain: string;
  };
}

/** A state that cannot be read is an empty one: an authority is asked again. */
export async function readState(path: string): Promise<CertificateState> {
  try {
    const { schema, ...state } = JSON.parse((await readIfThere(path))?.toString("utf8") ?? "");
    return schema === 1 ? state : {};
  } catch {
    return {};
  }
}

export async function writeState(path: string, state: CertificateState): Promise<void> {
  await writeAtomically(path, `${JSON.stringify({ schema: 1, ...state })}\n`, 0o600);
}
