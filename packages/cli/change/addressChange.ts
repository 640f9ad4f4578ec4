import type { AddressChange } from "./change.ts";
import { input, type Preview, type Step } from "./previewJson.ts";

const ASSOCIATION = "aws:ec2/eipAssociation:EipAssociation";
const ADDRESS = "aws:ec2/eip:Eip";

/** The name of a load balancer that goes, and the way of readers with it. */
export function goneBalancer({ steps }: Preview): string | undefined {
  const gone = steps.find(({ type, op }) => type === "aws:elb/loadBalancer:LoadBalancer" && op === "delete");
  const name = gone?.before?.outputs.dnsName;
  return typeof name === "string" ? name : undefined;
}

/** What happens to the elastic address; a preview without a step for it leaves it where it is. */
export function addressChange({ steps, outputs }: Preview): AddressChange {
  const current = outputs.address;
  const link = steps.find(({ type }) => type === ASSOCIATION);
  if (!link) return typeof current === "string" ? { kind: "stays", before: current, after: current } : { kind: "none" };
  const before = input(link.before, "publicIp");
  const after = input(link.after, "publicIp");
  return {
    kind: after !== undefined && link.op === "create" && after === current ? "returns" : kindOf(link, before, after),
    ...(before !== undefined && { before }),
    ...(after !== undefined && { after }),
    ...keptOf(steps),
  };
}

function kindOf(link: Step, before: string | undefined, after: string | undefined): AddressChange["kind"] {
  if (link.op === "delete") return "removed";
  if (before === undefined) return "new";
  return before === after ? "moves" : "differs";
}

/** Only an address that the stack has allocated can leave it. */
function keptOf(steps: readonly Step[]): Pick<AddressChange, "kept"> {
  const released = steps.find(({ type, op }) => type === ADDRESS && op === "delete");
  return released ? { kept: released.before?.retainOnDelete ?? false } : {};
}
