import { join } from "node:path";

/** Where the certificate's unit works; systemd makes the folders and names them in the environment. */
export interface CertificatePlaces {
  /** One folder for each certificate that was taken, and links to two of them; for root alone. */
  readonly tls: string;
  /** Link to the folder that nginx uses. */
  readonly current: string;
  /** Link to the folder that it is to use from the next reload on. */
  readonly next: string;
  readonly state: string;
  /** What the last run has found out, for the reload. */
  readonly report: string;
  /** What the sync shows in status.json; everybody may read it. */
  readonly status: string;
  /** Where `install` has put nginx's configuration of HTTPS, and the link by which it is in effect. */
  readonly nginx: string;
  readonly nginxOn: string;
}

export const TLS_FOLDER = "/etc/planet/tls";
export const CERTIFICATE_STATUS = "/run/planet-certificate/status.json";

export function certificatePlaces(environment: Readonly<Record<string, string | undefined>>): CertificatePlaces {
  const tls = environment.CONFIGURATION_DIRECTORY ?? TLS_FOLDER;
  const state = environment.STATE_DIRECTORY ?? "/var/lib/planet-certificate";
  const runtime = environment.RUNTIME_DIRECTORY;
  return {
    tls,
    current: join(tls, "current"),
    next: join(tls, "next"),
    state: join(state, "state.json"),
    report: join(state, "report.json"),
    status: runtime === undefined ? CERTIFICATE_STATUS : join(runtime, "status.json"),
    nginx: join(tls, "..", "nginx"),
    nginxOn: join(tls, "..", "nginx-on"),
  };
}
