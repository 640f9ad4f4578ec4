import { type Action, type Context, createAction, type Given } from "../../command.ts";
import { agree } from "../../deploy/options.ts";
import { type OptionTable, STACK } from "../../options.ts";
import type { CertificateEdges } from "./edges.ts";
import { openPlace } from "./place.ts";

const OPTIONS = {
  yes: { type: "boolean", short: "y", help: "do not ask" },
  stack: STACK,
} as const satisfies OptionTable;

/** Takes the certificate out of the bucket; a server that has taken it keeps it. */
export const createRemove = (edges: CertificateEdges): Action =>
  createAction({ options: OPTIONS, run: (given, context) => remove(given, edges, context) });

async function remove({ values }: Given<typeof OPTIONS>, edges: CertificateEdges, context: Context): Promise<number> {
  const { settings, stack, host, certificate } = await openPlace(values.stack, edges, context);
  await agree(`Remove the certificate of ${host} from ${settings.bucket}/${certificate}?`, { yes: values.yes }, edges);
  const store = await edges.store(settings, context);
  await store.remove(certificate);
  context.out(`${certificate} is removed. The server in service keeps what it has; the next one begins without it.\n`);
  if (settings.acmeDirectory !== "off") {
    context.err(
      `A new server orders its own (after an import, that is the way to orders): npx planet roll --stack ${stack}\n`,
    );
  }
  return 0;
}
