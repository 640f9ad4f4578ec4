import type { Connection } from "../connection.ts";
import { accountCalls } from "./account.ts";
import { addressCalls } from "./addresses.ts";
import { imageCalls } from "./images.ts";
import { instanceCalls } from "./instances.ts";
import { instanceTypeCalls } from "./instanceTypes.ts";
import { keyPairCalls } from "./keyPairs.ts";
import { securityGroupCalls } from "./securityGroups.ts";
import { createSend } from "./send.ts";
import { subnetCalls } from "./subnets.ts";
import { tagCalls } from "./tags.ts";

export type Ec2 = ReturnType<typeof createEc2>;

/** EC2 as Eucalyptus takes it. The AWS SDK is imported at the first call. */
export function createEc2(url: string, connection: Connection) {
  const send = createSend(url, connection);
  return {
    ...accountCalls(send),
    ...addressCalls(send),
    ...imageCalls(send),
    ...instanceCalls(send),
    ...instanceTypeCalls(url, connection),
    ...keyPairCalls(send),
    ...securityGroupCalls(send),
    ...subnetCalls(send),
    ...tagCalls(send),
  };
}
