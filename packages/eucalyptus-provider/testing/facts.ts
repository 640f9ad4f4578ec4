import type { Address, Instance, ObjectFacts } from "@planet/eucalyptus-client";
import type {
  CreateRequest,
  DeleteRequest,
  DiffRequest,
  Inputs,
  ReadRequest,
  UpdateRequest,
} from "@planet/pulumi-plugin";

/** Plain values for handler tests; each test names what matters. */
export const liveInstance = (facts: Partial<Instance> = {}): Instance => ({
  instanceId: "i-1",
  state: "running",
  reason: "",
  imageId: "emi-1",
  instanceType: "t2.small",
  keyName: "",
  availabilityZone: "one",
  privateAddress: "10.0.0.1",
  publicAddress: "192.0.2.9",
  privateDns: "",
  publicDns: "",
  subnetId: "",
  vpcId: "",
  securityGroups: [],
  networkInterfaceId: "",
  clientToken: "",
  iamInstanceProfileArn: "",
  ownerId: "000000000042",
  tags: {},
  ...facts,
});

export const liveAddress = (facts: Partial<Address> = {}): Address => ({
  publicAddress: "192.0.2.1",
  allocationId: "",
  associationId: "",
  domain: "standard",
  instanceId: "",
  networkInterfaceId: "",
  privateAddress: "",
  tags: {},
  ...facts,
});

export const liveObject = (facts: Partial<ObjectFacts> = {}): ObjectFacts => ({
  etag: "",
  size: 0,
  contentType: "text/plain",
  cacheControl: "",
  contentDisposition: "",
  contentEncoding: "",
  versionId: "",
  metadata: {},
  ...facts,
});

const common = { urn: "urn:pulumi:s::p::t::n", type: "t", name: "n", timeoutSeconds: 1 };

export const createRequest = (inputs: Inputs): CreateRequest => ({ ...common, inputs, preview: false });

/** Of a refresh; without inputs and state: of an import. */
export const readRequest = (id: string, known: { inputs?: Inputs; state?: Inputs } = {}): ReadRequest => {
  const { timeoutSeconds: _, ...request } = common;
  return { ...request, id, ...known };
};

export const updateRequest = (facts: {
  id: string;
  olds?: Inputs;
  oldInputs?: Inputs;
  news: Inputs;
}): UpdateRequest => ({
  ...common,
  olds: {},
  oldInputs: {},
  preview: false,
  ignoreChanges: [],
  ...facts,
});

export const diffRequest = (facts: { id: string; olds?: Inputs; oldInputs: Inputs; news: Inputs }): DiffRequest => ({
  urn: common.urn,
  type: common.type,
  olds: {},
  ignoreChanges: [],
  ...facts,
});

export const deleteRequest = (id: string, state: Inputs = {}, oldInputs: Inputs = {}): DeleteRequest => ({
  ...common,
  id,
  state,
  oldInputs,
});
