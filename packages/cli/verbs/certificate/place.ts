import { CERTIFICATE_OBJECT, ORDER_OBJECT, permitPrefix } from "@planet/content";
import { type Context, OperatorError } from "../../command.ts";
import { stackName } from "../../stack/outputs.ts";
import { readStackSettings, type StackSettings } from "../../stack/settings.ts";
import type { CertificateEdges } from "./edges.ts";

/** A planet with a host, and where its certificate lies. */
export interface CertificatePlace {
  readonly settings: StackSettings;
  readonly stack: string;
  /** The canonical name. */
  readonly host: string;
  /** Keys in the bucket. */
  readonly certificate: string;
  readonly order: string;
}

/** @throws {OperatorError} `NO_HOST` */
export async function openPlace(wanted: string, edges: CertificateEdges, context: Context): Promise<CertificatePlace> {
  const stack = await stackName(wanted, edges, context);
  const settings = await readStackSettings(edges.read, stack, context);
  const [host] = settings.host;
  if (host === undefined) {
    throw new OperatorError({
      code: "NO_HOST",
      what: `Stack "${stack}" has no host, and so no certificate.`,
      next: `\`npx pulumi config set planet:host planet.example.org --stack ${stack}\` gives it one; docs/https.md has the rest.`,
    });
  }
  const prefix = permitPrefix("tls", settings.permit);
  return { settings, stack, host, certificate: prefix + CERTIFICATE_OBJECT, order: prefix + ORDER_OBJECT };
}
