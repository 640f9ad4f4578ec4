import { readOrderRecord, writeOrderRecord } from "@planet/content";
import { type Action, type Context, createAction, type Given, OperatorError } from "../../command.ts";
import { type OptionTable, STACK } from "../../options.ts";
import type { CertificateEdges } from "./edges.ts";
import { openPlace } from "./place.ts";

const OPTIONS = { stack: STACK } as const satisfies OptionTable;

/** Asks the server in service for an order, though none is due. */
export const createRenew = (edges: CertificateEdges): Action =>
  createAction({ options: OPTIONS, run: (given, context) => renew(given, edges, context) });

async function renew({ values }: Given<typeof OPTIONS>, edges: CertificateEdges, context: Context): Promise<number> {
  const { settings, stack, host, order } = await openPlace(values.stack, edges, context);
  if (settings.acmeDirectory === "off") {
    throw new OperatorError({
      code: "NOTHING_IS_ORDERED",
      what: `The certificate of ${host} is not ordered: planet:acmeDirectory is off.`,
      next: `\`npx planet certificate import --cert <file> --key <file> --stack ${stack}\` puts the next one. Nothing was changed.`,
    });
  }
  const before = await edges.reader(settings.bucketUrl)(order);
  const last = before.state === "present" ? readOrderRecord(Buffer.from(before.bytes).toString()) : undefined;
  const time = new Date(edges.now()).toISOString();
  // An authority's limit, and the pause between two orders, hold for a person's wish, too.
  const notBefore = last?.notBefore ?? time;
  const wish = writeOrderRecord({
    ...{ schema: 1, time, by: "", names: settings.host, result: "wanted", message: "", notBefore },
  });
  const store = await edges.store(settings, context);
  await store.write(order, Buffer.from(wish));
  const from = notBefore > time ? `from ${notBefore.slice(0, 16).replace("T", " ")} UTC on` : "within one interval";
  context.out(`The server orders a certificate for ${host} ${from}; until it has it, the one in effect stays.\n`);
  context.err(`\`npx planet certificate status --wait --stack ${stack}\` says what became of it.\n`);
  return 0;
}
