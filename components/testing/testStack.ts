import * as pulumi from "@pulumi/pulumi";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks.js";

/** What the program asked the engine for, options included. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
  /** Name of the parent, empty for the stack. */
  readonly parent: string;
  /** Names, sorted. Resources whose outputs are inputs count as well. */
  readonly dependsOn: readonly string[];
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
  readonly additionalSecretOutputs: readonly string[];
  readonly retainOnDelete: boolean;
  /** Name of the provider that was passed. */
  readonly provider: string;
}

interface Request {
  getName(): string;
  getParent(): string;
  getProvider(): string;
  getDependenciesList(): string[];
  getIgnorechangesList(): string[];
  getReplaceonchangesList(): string[];
  getAdditionalsecretoutputsList(): string[];
  getRetainondelete(): boolean;
}

/** Outputs that the cloud makes up, by type. */
const OUTPUTS: Readonly<Record<string, Record<string, unknown>>> = {
  "aws:ec2/instance:Instance": { publicIp: "192.0.2.1", privateIp: "10.0.0.1" },
  "aws:elb/loadBalancer:LoadBalancer": { dnsName: "planet-local-000000000042.lb.cloud.internal" },
  "aws:ec2/eip:Eip": { publicIp: "192.0.2.9" },
};

/**
 * Runs a program without an engine and returns what it registered, by name. Throws on a type that no test expects.
 * It shows what we pass, not whether engine or cloud accept it: there is no check, no diff and no order of steps.
 */
export async function registeredBy(program: () => unknown): Promise<ReadonlyMap<string, Registered>> {
  const found = new Map<string, Registered>();
  const options = new Map<string, Request>();
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs, id }) => {
        if (
          !/^(aws:(autoscaling|ec2|elb|s3)|command:local|planet:index|pulumi:providers:aws|pulumi:pulumi)/.test(type)
        ) {
          throw new Error(`unexpected type ${type}`);
        }
        const request = options.get(name);
        found.set(name, { type, name, inputs, ...optionsOf(request) });
        return { id: id || `${name}-id`, state: { ...inputs, ...OUTPUTS[type] } };
      },
      call: ({ inputs }) => inputs,
    },
    "planet",
    "local",
  );
  const original = MockMonitor.prototype.registerResource;
  MockMonitor.prototype.registerResource = function record(this: MockMonitor, request, callback) {
    options.set(request.getName(), request);
    return original.call(this, request, callback);
  };
  try {
    await program();
    await pulumi.runtime.disconnect();
  } finally {
    MockMonitor.prototype.registerResource = original;
  }
  return found;
}

function optionsOf(request: Request | undefined): Omit<Registered, "type" | "name" | "inputs"> {
  return {
    parent: nameOf(request?.getParent() ?? ""),
    dependsOn: [...new Set((request?.getDependenciesList() ?? []).map(nameOf))].toSorted(),
    ignoreChanges: request?.getIgnorechangesList() ?? [],
    replaceOnChanges: request?.getReplaceonchangesList() ?? [],
    additionalSecretOutputs: request?.getAdditionalsecretoutputsList() ?? [],
    retainOnDelete: request?.getRetainondelete() ?? false,
    provider: nameOf((request?.getProvider() ?? "").replace(/::[^:]*$/, "")),
  };
}

const nameOf = (urn: string): string => urn.split("::").at(-1) ?? "";
