import { parseState, type StackState } from "../state.ts";

/** Outputs of a deployed planet. */
export const OUTPUTS = {
  address: "192.0.2.9",
  url: "http://192.0.2.9/",
  instanceId: "i-0001",
  release: "7cf675d4",
  contentDigest: "d".repeat(64),
  bucketUrl: "http://192.0.2.1:8773/services/objectstorage/planet",
};

const STACK = {
  urn: "urn:pulumi:prod::planet::pulumi:pulumi:Stack::planet-prod",
  type: "pulumi:pulumi:Stack",
};

const INSTANCE = "urn:pulumi:prod::planet::planet:index:Server$aws:ec2/instance:Instance::planet-7cf675d4";

export const SERVER = { urn: INSTANCE, type: "aws:ec2/instance:Instance", id: "i-0001" };

/** A state with more in it than stack and server. */
export function stateWith(
  resources: readonly object[] = [],
  pending: readonly object[] = [],
  outputs: Readonly<Record<string, string>> = OUTPUTS,
): StackState {
  const all = [{ ...STACK, outputs }, SERVER, ...resources];
  return parseState(JSON.stringify({ version: 3, deployment: { resources: all, pending_operations: pending } }));
}

export const condemned = {
  urn: INSTANCE.replace("7cf675d4", "01d01d01"),
  type: "aws:ec2/instance:Instance",
  id: "i-0000",
  delete: true,
};
