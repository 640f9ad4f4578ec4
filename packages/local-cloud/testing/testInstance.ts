import { REASONS } from "../world/life.ts";
import type { Instance } from "../world/types.ts";

/** An instance for tests, pending and without a public address unless said. */
export function testInstance(instanceId: string, change: Partial<Instance> = {}): Instance {
  return {
    ...{ instanceId, reservationId: "r-1", launchIndex: 0, clientToken: undefined },
    ...{ imageId: "emi-b78e07c8", imageName: "debian-12-cloud-init", instanceType: "m1.small" },
    ...{ keyName: undefined, publicKey: undefined, userData: undefined, launchTime: "2026-01-02T03:04:05.678Z" },
    ...{ privateAddress: "10.66.0.10", macAddress: "D0:0D:00:00:00:01", wantsPublicAddress: false },
    ...{ networkInterfaceId: undefined, attachmentId: undefined, monitoring: false, groupIds: [] },
    ...{ reason: REASONS.normal, systemAddress: undefined, terminatedAt: undefined },
    ...{ disableApiTermination: false, sourceDestCheck: true, reboots: 0 },
    state: "pending",
    ...change,
  };
}
