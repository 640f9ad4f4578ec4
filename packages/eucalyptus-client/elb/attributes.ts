import { IncompleteAnswer } from "../http/foreignAnswer.ts";
import type { Element } from "../http/members.ts";
import type { Send } from "./send.ts";

export interface Attributes {
  /** Seconds. The cloud takes any number, its worker reads it as 1 to 3,600. */
  readonly idleTimeout: number;
  readonly isCrossZone: boolean;
}

export function attributeCalls(send: Send) {
  return {
    describeAttributes: (balancer: string): Promise<Attributes> =>
      send("DescribeLoadBalancerAttributes", { LoadBalancerName: balancer }, fromWire),

    async modifyAttributes(balancer: string, wanted: Attributes): Promise<void> {
      const { idleTimeout, isCrossZone } = wanted;
      const inputs = {
        LoadBalancerName: balancer,
        LoadBalancerAttributes: {
          ConnectionSettings: { IdleTimeout: idleTimeout },
          CrossZoneLoadBalancing: { Enabled: isCrossZone },
        },
      };
      await send("ModifyLoadBalancerAttributes", inputs, (result) => {
        const made = fromWire(result);
        if (made.idleTimeout === idleTimeout && made.isCrossZone === isCrossZone) return;
        throw new IncompleteAnswer("the attributes in it are others");
      });
    },
  };
}

function fromWire(result: Element): Attributes {
  const attributes = result.in("LoadBalancerAttributes");
  return {
    idleTimeout: attributes.in("ConnectionSettings").integer("IdleTimeout"),
    isCrossZone: attributes.in("CrossZoneLoadBalancing").flag("Enabled"),
  };
}
