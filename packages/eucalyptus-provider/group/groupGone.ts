import { ProviderError } from "../providerError.ts";

interface Consequence {
  readonly what: string;
  readonly next: string;
}

export function groupGone(groupId: string, { what, next }: Consequence): ProviderError {
  return new ProviderError({ code: "GROUP_GONE", what, why: `the security group ${groupId} is not there`, next });
}
