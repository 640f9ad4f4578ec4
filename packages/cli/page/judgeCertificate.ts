import type { ServedCertificate, ServedStatus } from "@planet/content";
import { duration } from "../text/duration.ts";
import { type Finding, note, ok, problem } from "../text/finding.ts";

/** The planet's name, from the stack's output `url`; undefined where it has none. */
export const hostOf = (url: string): string | undefined => /^https:\/\/([^/:]+)/.exec(url)?.[1];

interface HostFacts {
  readonly host: string;
  readonly stack: string;
  /** Now, by the server's clock. */
  readonly at: Date;
}

/** What the server in service says of its certificate. */
export function judgeCertificate({ certificate }: ServedStatus, { host, stack, at }: HostFacts): Finding {
  const topic = "https";
  const wait = `npx planet certificate status --wait --stack ${stack}`;
  if (!certificate)
    return problem(topic, `the server in service knows nothing of ${host}`, `npx pulumi up --stack ${stack}`);
  const order = orderText(certificate);
  const { isInEffect, message, issuer, notBeforeMs, notAfterMs, source } = certificate;
  if (!isInEffect) {
    const why = message === "" ? "the server has not looked for one yet" : message;
    return problem(
      topic,
      `${host} has no certificate: ${why}${order}`,
      `docs/https.md says what it needs; ${wait}   (waits for it)`,
    );
  }
  const left = notAfterMs - at.getTime();
  const until = `${new Date(notAfterMs).toISOString().slice(0, 10)} (${left > 0 ? `for ${duration(left)}` : "over"})`;
  const text = `${host} by ${issuer}, valid until ${until}${order}`;
  if (left < (notAfterMs - notBeforeMs) / 6) {
    const next =
      source === "import"
        ? `npx planet certificate import --cert <file> --key <file> --stack ${stack}`
        : `see what keeps the server from ordering; ${wait}`;
    return problem(topic, message === "" ? text : `${text}; ${message}`, next);
  }
  return message === "" ? ok(topic, text) : note(topic, `${text}; ${message}`);
}

function orderText({ lastOrder }: ServedCertificate): string {
  if (!lastOrder) return "";
  const { time, result, message } = lastOrder;
  return `; last order ${result} ${time.slice(0, 16).replace("T", " ")}${message === "" ? "" : ` (${message})`}`;
}
