import { checkCertificate, missingIssuer, sealCertificate } from "@planet/content";
import { messageOf } from "@planet/errors";
import { type Action, type Context, createAction, type Given, OperatorError, UsageError } from "../../command.ts";
import { type OptionTable, STACK } from "../../options.ts";
import { visible } from "../../text/visible.ts";
import type { CertificateEdges } from "./edges.ts";
import { openPlace } from "./place.ts";
import { sealingKey } from "./sealingKey.ts";

const OPTIONS = {
  cert: { type: "string", value: "file", help: "the certificate, and after it those of its issuers (PEM)" },
  key: { type: "string", value: "file", help: "its private key (PEM, without a passphrase)" },
  stack: STACK,
} as const satisfies OptionTable;

/** Puts a certificate of one's own authority into the bucket, sealed. */
export const createImport = (edges: CertificateEdges): Action =>
  createAction({ options: OPTIONS, run: (given, context) => importCertificate(given, edges, context) });

async function importCertificate(
  { values }: Given<typeof OPTIONS>,
  edges: CertificateEdges,
  context: Context,
): Promise<number> {
  if (values.cert === undefined || values.key === undefined) {
    throw new UsageError({ code: "NO_FILES", what: "--cert and --key name the two files" });
  }
  const { settings, stack, host, certificate } = await openPlace(values.stack, edges, context);
  const pair = { chain: await readPem(values.cert, edges), key: await readPem(values.key, edges) };
  const placedAt = new Date(edges.now());
  const problems = checkCertificate({ ...pair, names: settings.host, now: placedAt });
  if (problems.length > 0) {
    throw new OperatorError({
      code: "CERTIFICATE_REFUSED",
      what: `${values.cert} and ${values.key} cannot serve ${settings.host.join(", ")}:`,
      why: problems.map(({ message }) => `  ${message}`).join("\n"),
      next: "Nothing was changed.",
    });
  }
  const sealedWith = await sealingKey(stack, edges, context);
  const text = sealCertificate({ ...pair, names: settings.host, source: "import", placedAt }, sealedWith);
  const store = await edges.store(settings, context);
  await store.write(certificate, Buffer.from(text));
  context.out(`The certificate of ${host} is in the bucket, sealed. The server takes it within one interval.\n`);
  const issuer = missingIssuer(pair.chain);
  if (issuer !== undefined) {
    context.err(
      `Warning: ${values.cert} has no issuer in it. If ${visible(issuer)} is no root that browsers know, append its certificate and import again.\n`,
    );
  }
  context.err(
    `\`npx planet certificate status --wait --stack ${stack}\` waits for that. It is not renewed: import the next one in time.\n`,
  );
  return 0;
}

async function readPem(path: string, edges: CertificateEdges): Promise<string> {
  try {
    return await edges.readFile(path);
  } catch (error) {
    const next = "Nothing was changed.";
    throw new OperatorError({
      code: "FILE_UNREADABLE",
      what: `${path} cannot be read`,
      why: `${messageOf(error)}.`,
      next,
    });
  }
}
