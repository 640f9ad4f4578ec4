import type { LoadBalancer } from "./elb/types.ts";
import type { CloudVersion, InstanceStateName } from "./world/types.ts";
import type { World } from "./world/world.ts";

export interface CloudDescription {
  /** Absent: made before there was a choice. */
  readonly version?: CloudVersion;
  readonly instances: readonly {
    readonly instanceId: string;
    readonly state: InstanceStateName;
    readonly imageId: string;
    readonly instanceType: string;
    readonly privateAddress: string;
    readonly publicAddress?: string;
  }[];
  readonly addresses: readonly {
    readonly publicAddress: string;
    readonly instanceId?: string;
    /** When the call came that put it there; the move takes effect after the cloud's move delay. */
    readonly associatedAt?: string;
  }[];
  readonly loadBalancers: readonly {
    readonly name: string;
    readonly dnsName: string;
    /** Of its worker; absent while none is in service. */
    readonly address?: string;
  }[];
}

/** @param addressOf of a load balancer's worker */
export function describeCloud(
  world: World,
  addressOf: (balancer: LoadBalancer) => string | undefined,
): CloudDescription {
  const { version } = world.state;
  return {
    ...(version !== undefined && { version }),
    instances: world.instances().map((instance) => {
      const { instanceId, state, imageId, instanceType, privateAddress } = instance;
      const publicAddress = world.publicAddressOf(instance);
      const known = { instanceId, state, imageId, instanceType, privateAddress };
      return publicAddress === undefined ? known : { ...known, publicAddress };
    }),
    addresses: [...world.state.addresses.values()].map(({ publicAddress, instanceId, associatedAt }) => ({
      publicAddress,
      ...(instanceId !== undefined && { instanceId }),
      ...(associatedAt !== undefined && { associatedAt }),
    })),
    loadBalancers: [...world.state.loadBalancers.values()].map((balancer) => {
      const address = addressOf(balancer);
      const { name, dnsName } = balancer;
      return { name, dnsName, ...(address !== undefined && { address }) };
    }),
  };
}
