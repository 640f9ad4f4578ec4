import { createHash, randomBytes } from "node:crypto";
import type { CloudIdentity } from "../identity.ts";
import { idDigits } from "./ids.ts";
import type { CloudMode, CloudVersion, WorldState } from "./types.ts";

/** An empty cloud with new credentials; `seed` decides all ids and keys, so tests give a fixed one. */
export function newWorldState(
  { mode, version }: { readonly mode: CloudMode; readonly version: CloudVersion },
  identity: CloudIdentity,
  seed = randomBytes(16).toString("hex"),
) {
  const derive = (purpose: string) => createHash("sha256").update(`${seed} ${purpose}`);
  const id = (prefix: string) => `${prefix}-${derive(prefix).digest("hex").slice(0, idDigits(version))}`;
  const state: WorldState = {
    mode,
    version,
    seed,
    counter: 0,
    accessKeyId: `AKI${derive("access key").digest("hex").slice(0, 17).toUpperCase()}`,
    secretAccessKey: derive("secret key").digest("base64url").slice(0, 40).replaceAll(/[-_]/g, "x"),
    instances: new Map(),
    addresses: new Map(),
    groups: new Map(),
    keyPairs: new Map(),
    tags: new Map(),
    buckets: new Map(),
    uploads: new Map(),
    ...withoutServers(),
    ...(mode === "vpc" && {
      vpc: {
        vpcId: id("vpc"),
        subnetId: id("subnet"),
        dhcpOptionsId: id("dopt"),
        cidr: `${identity.privatePrefix}.0/24`,
      },
    }),
  };
  return state;
}

/** What a state has of load balancing and Auto Scaling before somebody used them. */
export function withoutServers() {
  return {
    loadBalancers: new Map(),
    deletedBalancers: new Map(),
    launchConfigurations: new Map(),
    scalingGroups: new Map(),
  } satisfies Partial<WorldState>;
}
