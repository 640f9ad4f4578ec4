import { type Instance, isLiving } from "@planet/eucalyptus-client";
import { type Finding, note, ok, problem } from "../status/finding.ts";
import type { StateResource } from "../status/stackState.ts";
import type { CloudFacts, Subject } from "./facts.ts";

/** Set by the provider once a server is the engine's; named in packages/eucalyptus-provider/rules/tags.ts too. */
const COMPLETE_TAG = "pulumi:complete";

/**
 * What carries this stack's name in the cloud and is not in its state: left by a killed run, or by a state that was
 * lost. A stack of the same name whose state is elsewhere looks the same, so nothing is removed here.
 */
export function judgeLeftovers(facts: CloudFacts, { stack, state }: Subject): Finding[] {
  if (!state) return [note("leftovers", "not looked for: the state cannot be read")];
  const ids = new Set(state.resources.map(({ id }) => id));
  const elastic = new Set(state.resources.map(publicAddressOf));
  const unless = "unless a stack of that name elsewhere owns it";
  const instances = listed(facts.instances).filter(
    (each) => isOurs(each, stack) && isThere(each) && !ids.has(each.instanceId),
  );
  const groups = listed(facts.groups).filter(
    (group) => group.description === `Planet of stack ${stack}` && !ids.has(group.groupId),
  );
  const keys = listed(facts.keyPairs).filter(({ keyName }) => isKeyOf(stack, keyName) && !ids.has(keyName));
  const free = listed(facts.addresses).filter((address) => {
    const isKnown = elastic.has(address.publicAddress) || ids.has(address.allocationId);
    return address.instanceId === "" && !isKnown && address.publicAddress !== state.outputs.address;
  });
  const found = [
    ...instances.map((instance) => judgeServer(instance, stack, unless)),
    ...groups.map(({ groupId, name }) =>
      problem(
        "leftovers",
        `security group ${groupId} (${name}) is not in the state`,
        `euca-delete-group ${groupId}, ${unless}`,
      ),
    ),
    ...keys.map(({ keyName }) =>
      problem("leftovers", `key pair ${keyName} is not in the state`, `euca-delete-keypair ${keyName}, ${unless}`),
    ),
    // Addresses carry no name of ours: a killed run may have left it, or somebody keeps it.
    ...free.map(({ publicAddress }) =>
      note(
        "leftovers",
        `address ${publicAddress} is free`,
        `if nobody keeps it: euca-release-address ${publicAddress}; to use it: planet:address`,
      ),
    ),
  ];
  return found.length === 0 ? [ok("leftovers", "none")] : found;
}

function judgeServer(instance: Instance, stack: string, unless: string): Finding {
  const { instanceId, state, tags } = instance;
  const text = `server ${instanceId} (${state}) is not in the state`;
  const end = `euca-terminate-instances ${instanceId}, ${unless}`;
  // A stopped one is nothing that a later run takes over.
  const isOrphan = isLiving(instance) && !(COMPLETE_TAG in tags);
  if (!isOrphan) return problem("leftovers", text, end);
  const takeOver = `npx pulumi up --stack ${stack} takes it over if the settings are still the same; else ${end}`;
  return problem("leftovers", `${text}: a run was killed while it started it, or is still at it`, takeOver);
}

const listed = <T>(asked: { readonly value: readonly T[] } | { readonly error: Error }): readonly T[] =>
  "value" in asked ? asked.value : [];

/** Of elastic addresses alone: the address that an instance got by itself may be somebody else's by now. */
function publicAddressOf({ type, outputs }: StateResource): unknown {
  return type === "aws:ec2/eip:Eip" ? outputs.publicIp : undefined;
}

const isOurs = ({ tags }: Instance, stack: string): boolean =>
  tags.Name === `planet-${stack}` && tags["planet:release"] !== undefined;

const isThere = ({ state }: Instance): boolean => state !== "terminated" && state !== "shutting-down";

/** As components/server.ts names them: 8 digits of the public key's hash. */
function isKeyOf(stack: string, keyName: string): boolean {
  const prefix = `planet-${stack}-`;
  return keyName.startsWith(prefix) && /^[0-9a-f]{8}$/.test(keyName.slice(prefix.length));
}
