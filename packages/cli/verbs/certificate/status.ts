import {
  type CertificateFacts,
  isMeantFor,
  keyIdOf,
  openCertificate,
  readCertificateObject,
  readOrderRecord,
} from "@planet/content";
import { messageOf } from "@planet/errors";
import { type Action, type Context, createAction, type Given } from "../../command.ts";
import { type OptionTable, STACK } from "../../options.ts";
import { judgeCertificate } from "../../page/judgeCertificate.ts";
import { pageUrl, type Served } from "../../page/readServed.ts";
import { type Deployment, neededDeployment } from "../../stack/outputs.ts";
import { exitCodeOf, type Finding, note, ok, problem, renderFindings } from "../../text/finding.ts";
import type { CertificateEdges } from "./edges.ts";
import { type CertificatePlace, openPlace } from "./place.ts";
import { sealingKey } from "./sealingKey.ts";

const OPTIONS = {
  wait: { type: "boolean", help: "until the server in service shows what is in the bucket, 15 minutes at most" },
  stack: STACK,
} as const satisfies OptionTable;

const PATIENCE_MS = 15 * 60_000;
const PAUSE_MS = 5_000;
/** Behind a balancer servers answer in turn; a reader between two of these questions shifts the turn. */
const QUESTIONS_PER_SERVER = 2;

/** Says what certificate the planet has, in service and in the bucket, and what became of the last order. */
export const createStatus = (edges: CertificateEdges): Action =>
  createAction({ options: OPTIONS, run: (given, context) => status(given, edges, context) });

async function status({ values }: Given<typeof OPTIONS>, edges: CertificateEdges, context: Context): Promise<number> {
  const place = await openPlace(values.stack, edges, context);
  const deployment = await neededDeployment(place.stack, edges, context);
  // Before the first deploy with a host, the state has none; then nobody can say whether a seal is whole.
  const key = await sealingKey(place.stack, edges, context).catch(() => undefined);
  const begin = edges.now();
  if (values.wait) context.err(`• waits until ${place.host} is served with a certificate\n`);
  for (;;) {
    const look = await lookAt(place, { deployment, key }, edges);
    const isOver = edges.now() - begin >= PATIENCE_MS || hasFailedSince(look, begin);
    if (!values.wait || isInEffect(look, place) || isOver) {
      const findings = judge(look, place);
      context.out(renderFindings(place.host, findings));
      return exitCodeOf(findings);
    }
    await edges.sleep(PAUSE_MS);
  }
}

interface Look {
  readonly served: Served;
  /** Undefined: there is none. */
  readonly object: CertificateFacts | { readonly why: string } | undefined;
  readonly order: ReturnType<typeof readOrderRecord>;
  readonly at: Date;
}

/** Of several servers the first one that does not show what is in the bucket says what there is; else any of them. */
async function lookAt(
  place: CertificatePlace,
  { deployment, key }: { readonly deployment: Deployment; readonly key: string | undefined },
  edges: CertificateEdges,
): Promise<Look> {
  const read = edges.reader(place.settings.bucketUrl);
  const textOf = async (key: string) => {
    const object = await read(key);
    return object.state === "present" ? Buffer.from(object.bytes).toString() : undefined;
  };
  const [object, order] = await Promise.all([
    textOf(place.certificate)
      .then((text) => (text === undefined ? undefined : readObject(text, key)))
      .catch((error: unknown) => ({ why: messageOf(error) })),
    textOf(place.order).catch(() => undefined),
  ]);
  const look = { object, order: order === undefined ? undefined : readOrderRecord(order), at: new Date(edges.now()) };
  const questions = deployment.servers === undefined ? 1 : deployment.servers * QUESTIONS_PER_SERVER;
  for (let question = 1; ; question += 1) {
    const found = { ...look, served: await edges.page(pageUrl(deployment)) };
    if (question >= questions || !isInEffect(found, place)) return found;
  }
}

/** @throws {SealError} for what cannot be read, or was changed after it was sealed, as far as the key can say that. */
function readObject(text: string, key: string | undefined): CertificateFacts {
  const object = readCertificateObject(text);
  if (key !== undefined && object.keyId === keyIdOf(key)) openCertificate(object, key);
  return object;
}

/** Waiting goes on for nothing: the next order comes later than anybody waits. */
const hasFailedSince = ({ order }: Look, begin: number): boolean =>
  order?.result === "failed" && Date.parse(order.time) >= begin;

function isInEffect({ served, object }: Look, { settings }: CertificatePlace): boolean {
  const shown = served.kind === "planet" ? served.status.certificate : undefined;
  if (!shown?.isInEffect || !settings.host.every((name) => shown.names.includes(name))) return false;
  return object !== undefined && "fingerprint" in object && object.fingerprint === shown.fingerprint;
}

function judge(look: Look, place: CertificatePlace): Finding[] {
  const { stack, host, settings } = place;
  const { served, order } = look;
  const shown =
    served.kind === "planet"
      ? judgeCertificate(served.status, { host, stack, at: served.at })
      : problem("https", "the planet does not answer", `npx planet status --stack ${stack}`);
  const orders = order === undefined ? [] : [orderFinding(order, settings.acmeDirectory)];
  return [shown, bucketFinding(look, place), ...orders];
}

function bucketFinding({ object, served }: Look, { settings, stack }: CertificatePlace): Finding {
  const topic = "bucket";
  if (object === undefined) {
    const next = `npx planet certificate import --cert <file> --key <file> --stack ${stack}`;
    return note(topic, "has no certificate", ...(settings.acmeDirectory === "off" ? [next] : []));
  }
  if ("why" in object) {
    return problem(
      topic,
      `its certificate cannot be read: ${object.why}`,
      `import it again, or let a server order one: npx planet certificate remove --stack ${stack}`,
    );
  }
  const { source, placedAt, issuer, notAfter, fingerprint, keyId } = object;
  const how = source === "acme" ? "ordered" : "imported";
  const text = `${how} ${placedAt.slice(0, 16).replace("T", " ")}, by ${issuer}, valid until ${notAfter.slice(0, 10)}`;
  if (!isMeantFor(object, keyId, settings.host))
    return note(topic, `${text}: for other names, ${object.names.join(", ")}`);
  const shown = served.kind === "planet" ? served.status.certificate : undefined;
  if (shown?.fingerprint === fingerprint) return ok(topic, `${text}: the one in service`);
  return note(
    topic,
    `${text}: not the one in service; a server takes it within an interval if it is sealed with its key`,
  );
}

function orderFinding({ time, result, message, notBefore }: NonNullable<Look["order"]>, directory: string): Finding {
  const when = time.slice(0, 16).replace("T", " ");
  if (result === "wanted")
    return note("order", `wanted since ${when}: the server in service orders within an interval`);
  const from =
    directory === "off" ? "" : `; the next one is possible from ${notBefore.slice(0, 16).replace("T", " ")} UTC`;
  return result === "failed" ? note("order", `failed ${when}: ${message}${from}`) : ok("order", `${result} ${when}`);
}
