import type { Inputs } from "@planet/pulumi-plugin";
import type { CloudContext } from "../cloudContext.ts";
import { ProviderError } from "../providerError.ts";
import { textsOf } from "../values.ts";

/** The cloud wants zones also where subnets are given: theirs. Seen on 5.1.0. */
export async function zonesFor({ ec2 }: CloudContext, inputs: Inputs): Promise<string[]> {
  const subnetIds = textsOf(inputs.vpcZoneIdentifiers);
  if (subnetIds.length === 0) return textsOf(inputs.availabilityZones);
  const subnets = await ec2.describeSubnets({ "subnet-id": subnetIds });
  const missing = subnetIds.find((id) => !subnets.some(({ subnetId }) => subnetId === id));
  if (missing === undefined) return [...new Set(subnets.map(({ zone }) => zone))].toSorted();
  throw new ProviderError({
    code: "SUBNET_UNKNOWN",
    what: "the Auto Scaling group was not made",
    why: `${missing} is not a subnet that this account can see`,
    next: "Correct vpcZoneIdentifiers; `euca-describe-subnets` lists what there is.",
  });
}
