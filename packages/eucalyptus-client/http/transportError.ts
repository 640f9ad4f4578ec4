import { CloudError, type TransportCode } from "../cloudError.ts";

interface Trouble {
  readonly why: string;
  readonly next: string;
  /** Asking again soon does not help. */
  readonly isPermanent?: boolean;
}

const TRUST =
  "If it is the cloud's own certificate: export NODE_EXTRA_CA_CERTS=<file with the certificate, or with that of its authority>.";
const UNTRUSTED: Trouble = { why: "its certificate is not trusted here", next: TRUST, isPermanent: true };
const NO_TLS: Trouble = {
  why: "what answers there does not speak TLS",
  next: "Is the port right, or is it an http:// endpoint?",
  isPermanent: true,
};
const RUNNING = "Does the cloud run, are host and port right, is a tunnel or VPN needed?";

/** What Node calls the trouble, in our words. */
const TROUBLES: Readonly<Record<string, Trouble>> = {
  CERT_HAS_EXPIRED: {
    why: "its certificate has expired",
    next: "The cloud's administrator renews it; or is this machine's clock wrong?",
    isPermanent: true,
  },
  DEPTH_ZERO_SELF_SIGNED_CERT: UNTRUSTED,
  EAI_AGAIN: { why: "its name cannot be looked up now", next: "Look at this machine's network and DNS." },
  ECONNREFUSED: { why: "connections are refused", next: `${RUNNING} A cloud on this machine has to be started first.` },
  ECONNRESET: {
    why: "the connection ended without a whole answer",
    next: "Is a proxy or a restart of the cloud in between? Run the command again.",
  },
  EHOSTUNREACH: { why: "there is no way to that host", next: RUNNING },
  ENETUNREACH: { why: "there is no way to that network", next: RUNNING },
  ENOTFOUND: {
    why: "there is no host of that name",
    next: "Correct the endpoint; or is a VPN needed for its DNS?",
    isPermanent: true,
  },
  EPROTO: NO_TLS,
  ERR_SSL_WRONG_VERSION_NUMBER: NO_TLS,
  ERR_TLS_CERT_ALTNAME_INVALID: {
    why: "its certificate is for another name",
    next: "Use in the endpoint a name that the certificate has.",
    isPermanent: true,
  },
  HPE_INVALID_CONSTANT: {
    why: "what answers there does not speak HTTP",
    next: "Is the port right, or is it an https:// endpoint?",
    isPermanent: true,
  },
  SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNTRUSTED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNTRUSTED,
};

type Cause = Error & { readonly code?: string; readonly errors?: readonly (Error & { readonly code?: string })[] };

/** The error of a call that got no whole answer. */
export function transportError(
  call: {
    readonly action: string;
    readonly url: string;
    readonly timedOutAfterMs?: number;
    readonly isUnsent: boolean;
  },
  cause: Cause,
): CloudError {
  const { action, url, timedOutAfterMs, isUnsent } = call;
  const code: TransportCode = timedOutAfterMs === undefined ? "Unreachable" : "Timeout";
  const { why, next } =
    timedOutAfterMs === undefined
      ? troubleOf(cause)
      : silence(isUnsent ? "connection" : "whole answer", timedOutAfterMs);
  return new CloudError({ code, status: 0, message: `${url}: ${why}`, action, next, isUnsent }, { cause });
}

/**
 * Eucalyptus gives no answer at all to some failures, such as a network that is not configured yet:
 * Corymbia/eucalyptus `ErrorHandlerSupport.java` buildFatalResponse.
 */
function silence(missing: string, afterMs: number): Trouble {
  return {
    why: `no ${missing} in ${afterMs / 1000} s`,
    next: `${RUNNING} A cloud that has just started is silent, too.`,
  };
}

function troubleOf(cause: Cause): Trouble {
  const code = codeOf(cause);
  const name = code.startsWith("HPE_") ? "HPE_INVALID_CONSTANT" : code;
  const { why, next } = TROUBLES[name] ?? { why: cause.message || code || cause.name, next: RUNNING };
  return { why: code === "" ? why : `${why} (${code})`, next };
}

/** Several addresses of one name give an AggregateError, without a code of its own on some systems. */
function codeOf({ code, errors }: Cause): string {
  return code ?? errors?.[0]?.code ?? "";
}

/** Whether asking again soon is of no use: a name, a certificate or a protocol that is wrong stays so. */
export function isPermanent({ cause }: CloudError): boolean {
  const code = codeOf((cause ?? {}) as Cause);
  return code.startsWith("HPE_") || TROUBLES[code]?.isPermanent === true;
}
