import { messageOf } from "@planet/errors";
import { type Finding, note, ok, problem } from "../../text/finding.ts";
import type { Configured } from "./facts.ts";
import type { HostFacts, Place } from "./readHost.ts";

const LETS_ENCRYPT = "letsencrypt.org";

/** Whether names, port and authority let a certificate come, and browsers trust it. */
export function judgeHost({ names, place, tls }: HostFacts, { config, stack }: Configured): Finding[] {
  const { acmeDirectory = "" } = config;
  return [
    ...names.map(({ name, addresses }) => judgeAddresses(name, addresses, place)),
    ...(acmeDirectory === "off" ? [] : names.flatMap((each) => judgeAuthorities(each, acmeDirectory))),
    ...(tls === undefined
      ? []
      : [judgeChain(tls, { stack, address: place?.addresses[0] ?? "", isOwn: acmeDirectory === "off" })]),
  ];
}

type Name = HostFacts["names"][number];

function judgeAddresses(name: string, addresses: Name["addresses"], place: Place | undefined): Finding {
  if ("error" in addresses) return note("dns", `${name} cannot be looked up here: ${messageOf(addresses.error)}`);
  const found = addresses.value.join(", ");
  if (place === undefined) return note("dns", `${name} ${found === "" ? "has no A record" : `leads to ${found}`} yet`);
  const { balancer, addresses: right } = place;
  const where = balancer ?? right.join(", ");
  const record = balancer === undefined ? `let its A record be ${where}` : `let it be a CNAME of ${where}`;
  const next = `${record}; no certificate is ordered before`;
  if (found === "") return problem("dns", `${name} has no A record`, next);
  const others = addresses.value.filter((each) => !right.includes(each));
  if (others.length === addresses.value.length)
    return problem("dns", `${name} leads to ${found}, not to ${where}`, next);
  return others.length === 0
    ? ok("dns", `${name} leads to ${where}`)
    : problem("dns", `${name} leads to ${where}, and also to ${others.join(", ")}`, `let it lead to ${where} alone`);
}

/** Only of Let's Encrypt is it known what it is called there. */
function judgeAuthorities({ name, authorities }: Name, directory: string): Finding[] {
  if ("error" in authorities || authorities.value.length === 0) return [];
  const allowed = authorities.value.join(", ");
  if (!directory.includes(LETS_ENCRYPT)) return [note("dns", `the CAA records of ${name} allow ${allowed}`)];
  return authorities.value.includes(LETS_ENCRYPT)
    ? [ok("dns", `the CAA records of ${name} allow ${LETS_ENCRYPT}`)]
    : [
        problem(
          "dns",
          `the CAA records of ${name} allow ${allowed}, and not ${LETS_ENCRYPT}`,
          `add: ${name} CAA 0 issue "${LETS_ENCRYPT}"`,
        ),
      ];
}

function judgeChain(
  tls: NonNullable<HostFacts["tls"]>,
  { stack, address, isOwn }: { readonly stack: string; readonly address: string; readonly isOwn: boolean },
): Finding {
  const status = `npx planet certificate status --stack ${stack}`;
  if ("error" in tls) {
    const text = `port 443 of ${address} does not answer from here: ${messageOf(tls.error)}`;
    return problem("https", text, `${status}; with a certificate in service, look for a firewall in between`);
  }
  const { distrust } = tls.value;
  if (distrust === undefined) return ok("https", "this machine trusts the certificate in service");
  const text = `this machine does not trust the certificate in service: ${distrust}`;
  return isOwn
    ? note("https", text, "browsers need your authority's root; here, NODE_EXTRA_CA_CERTS=<file>")
    : problem("https", text, status);
}
