import { isCloudError, isLiving } from "@planet/eucalyptus-client";
import type { CloudContext } from "../cloudContext.ts";
import { inDoubt } from "../inDoubt.ts";
import { ProviderError } from "../providerError.ts";
import { addressKey } from "../resources/eipAssociation.ts";
import { waitUntil } from "../waitUntil.ts";

const END_SECONDS = 900;
/** An association that goes in the same run, and independently of this instance, is gone within seconds. */
const ADDRESS_SECONDS = 60;

interface End {
  readonly urn: string;
  readonly id: string;
  /** 0: as long as an instance may take. */
  readonly seconds: number;
}

/** Terminates the instance and waits until that is over: so long are its groups and, in EDGE, its address held. */
export async function endInstance(cloud: CloudContext, { urn, id, seconds }: End): Promise<void> {
  const live = await cloud.ec2.findInstance(id);
  // A second TerminateInstances on a terminated one would only hide it.
  if (!live || live.state === "terminated") return;
  if (live.state !== "shutting-down") {
    await untilItHoldsNoAddress(cloud, { urn, id });
    await terminate(cloud, id);
  }
  const next = "It is on its way out; run the command again to wait on.";
  await waitUntil(cloud, { urn, what: `${id} was terminated`, seconds: seconds || END_SECONDS, next }, async () => {
    const now = await cloud.ec2.findInstance(id);
    return !now || now.state === "terminated" ? { isGone: true } : `${id} is ${now.state}`;
  });
}

/**
 * An address that readers use does not go down with a server: after an interrupted update the state may think that it is
 * elsewhere. Only a destroy, or the end of the address' own association, gives it up.
 * @throws {ProviderError} `HOLDS_ADDRESS`; the instance runs on.
 */
async function untilItHoldsNoAddress(cloud: CloudContext, { urn, id }: { urn: string; id: string }): Promise<void> {
  if (!cloud.run.hasProgram) return;
  const heldAddresses = async () => {
    const held = await cloud.ec2.describeAddresses({ "instance-id": [id] });
    return held.map(({ publicAddress }) => publicAddress).filter((held) => !cloud.run.isGivenUp(addressKey(held)));
  };
  let held: readonly string[] = [];
  const facts = { urn, what: `${id} held no elastic address`, seconds: ADDRESS_SECONDS, next: "" };
  try {
    await waitUntil(cloud, facts, async () => {
      held = await heldAddresses();
      return held.length === 0 ? {} : `${id} holds ${held.join(", ")}`;
    });
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    const [address = ""] = held;
    throw new ProviderError(
      {
        code: "HOLDS_ADDRESS",
        what: `${id} was not terminated`,
        why: `it holds the elastic address ${held.join(", ")}, which would be on no server then`,
        next:
          "Run `pulumi up` again: it puts the stack's address on the server of your settings. " +
          `To give an address up together with the server: euca-disassociate-address ${address}`,
      },
      { cause: error },
    );
  }
}

async function terminate(cloud: CloudContext, id: string): Promise<void> {
  const isEnding = async () => {
    const live = await cloud.ec2.findInstance(id);
    return live && isLiving(live) ? undefined : true;
  };
  try {
    await inDoubt(cloud, () => cloud.ec2.terminateInstance(id).then(() => true), isEnding);
  } catch (error) {
    if (isCloudError(error, "InvalidInstanceID.NotFound")) return;
    if (!isCloudError(error, "OperationNotPermitted")) throw error;
    throw new ProviderError(
      {
        code: "TERMINATION_DISABLED",
        what: `${id} was not terminated`,
        why: "it is protected by disableApiTermination",
        next: "Set that to false, run `pulumi up`, then delete it.",
      },
      { cause: error },
    );
  }
}
