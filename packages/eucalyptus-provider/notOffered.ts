import { eucalyptusHas, plainName } from "./eucalyptusHas.ts";
import { ProviderError } from "./providerError.ts";

/**
 * Why a type or a function cannot be used: a name much like one of ours (`NAME_UNKNOWN`), something that Eucalyptus has and
 * this provider has not (`NOT_IN_PROVIDER`), or something that Eucalyptus has not (`NOT_IN_EUCALYPTUS`).
 */
export function notOffered(kind: "resource type" | "function", token: string, known: readonly string[]) {
  const what = `the ${kind} ${token} cannot be used on this cloud`;
  const names = known.map((each) => each.split(":").at(-1)).toSorted();
  const offered = `This provider has ${names.join(", ")}.`;
  const near = nearToken(token, known);
  if (near !== undefined) {
    const next = `Use ${near}.`;
    return new ProviderError({ code: "NAME_UNKNOWN", what, why: "this provider has one of nearly that name", next });
  }
  const service = eucalyptusHas(token);
  if (service) {
    const why = `Eucalyptus has it (${service.title}, ${service.source}), this provider has not yet`;
    const next = `Make it with another client of the cloud and name it by its id. ${offered}`;
    return new ProviderError({ code: "NOT_IN_PROVIDER", what, why, next });
  }
  const why = "Eucalyptus 5.1.0 has no such thing, or answers to it and does nothing";
  return new ProviderError({ code: "NOT_IN_EUCALYPTUS", what, why, next: `Remove it. ${offered}` });
}

/** What replaces a type of another name. */
const RENAMED: Readonly<Record<string, string>> = {
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": "aws:ec2/securityGroupRule:SecurityGroupRule",
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": "aws:ec2/securityGroupRule:SecurityGroupRule",
};

/** One of ours that is written otherwise: other capitals, a plural, another version (`BucketObjectV2`, `BucketV2`). */
function nearToken(token: string, known: readonly string[]): string | undefined {
  const [place, name = ""] = splitToken(token);
  const renamed = RENAMED[token];
  if (renamed !== undefined && known.includes(renamed)) return renamed;
  const sameCase = known.find((each) => each.toLowerCase() === token.toLowerCase());
  const isLike = (each: string) => {
    const [ours, itsName = ""] = splitToken(each);
    return ours === place && plainName(itsName) === plainName(name);
  };
  return sameCase ?? known.find(isLike);
}

/** `aws:ec2/vpc:Vpc` is Vpc in aws:ec2. */
function splitToken(token: string): readonly string[] {
  const [place, name] = token.split("/");
  return [place ?? "", name?.split(":").at(-1) ?? ""];
}
