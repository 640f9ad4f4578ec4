import type { Inputs } from "@planet/pulumi-plugin";
import { defined, textOf } from "../values.ts";
import { normalProtocol } from "./securityRules.ts";

/** The official provider's form for imports, so that its documentation holds here. */
export function idOf(news: Inputs): string {
  const cidrs = Array.isArray(news.cidrBlocks) ? news.cidrBlocks.map(String) : [];
  const sources =
    news.self === true ? ["self"] : news.sourceSecurityGroupId ? [textOf(news, "sourceSecurityGroupId")] : cidrs;
  const { securityGroupId, type, protocol, fromPort, toPort } = news;
  return [securityGroupId, type, protocol, fromPort, toPort, ...sources].map(String).join("_");
}

export function parseId(id: string): Inputs | undefined {
  const [group = "", type = "", protocol = "", fromPort = "", toPort = "", ...sources] = id.split("_");
  const [first = ""] = sources;
  if (!group.startsWith("sg-") || first === "" || !/^(ingress|egress)$/.test(type)) return undefined;
  const port = (text: string) => (/^-?\d+$/.test(text) ? Number(text) : 0); // "all" in the official form
  return defined({
    securityGroupId: group,
    type,
    protocol: normalProtocol(protocol),
    fromPort: port(fromPort),
    toPort: port(toPort),
    self: first === "self" ? true : undefined,
    sourceSecurityGroupId: first.startsWith("sg-") ? first : undefined,
    cidrBlocks: first === "self" || first.startsWith("sg-") ? undefined : sources,
  });
}
