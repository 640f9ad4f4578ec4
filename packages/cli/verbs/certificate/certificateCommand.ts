import { type Command, createGroup } from "../../command.ts";
import { type CertificateEdges, realCertificateEdges } from "./edges.ts";
import { createImport } from "./import.ts";
import { createRemove } from "./remove.ts";
import { createRenew } from "./renew.ts";
import { createStatus } from "./status.ts";

export const certificateCommand = createCertificateCommand(realCertificateEdges);

export function createCertificateCommand(edges: CertificateEdges): Command {
  return createGroup({
    name: "certificate",
    summary: "The certificate of planet:host: what there is, an import, an order before its time, a removal",
    actions: {
      status: createStatus(edges),
      import: createImport(edges),
      renew: createRenew(edges),
      remove: createRemove(edges),
    },
    notes: [
      "  status   in service, in the bucket, the last order; exit 1 when somebody has to act",
      "  import   a certificate of your own authority: checked here, sealed with the key in the state, never renewed",
      "  renew    asks the server for an order now; what an authority or the last order forbids stays forbidden",
      "  remove   takes it out of the bucket: the server in service keeps it, the next one begins without",
      "",
      "Servers order and renew by themselves: docs/https.md.",
    ],
  });
}
