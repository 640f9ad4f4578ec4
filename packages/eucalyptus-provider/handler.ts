import type { NetworkMode } from "@planet/eucalyptus-client";
import type {
  CreateRequest,
  DeleteRequest,
  DiffRequest,
  DiffResult,
  Inputs,
  Problem,
  ReadRequest,
  ReadResult,
  UpdateRequest,
  Value,
} from "@planet/pulumi-plugin";
import type { CloudContext } from "./cloudContext.ts";
import type { InputRule } from "./rules/inputRule.ts";

/** Names of a resource class of `@pulumi/aws` that are outputs. */
type OutputNames<Resource> = {
  [Name in keyof Resource]: Resource[Name] extends { apply: (...values: never[]) => unknown } ? Name : never;
}[keyof Resource];

/** The outputs of a resource class by the SDK's own names: a name that the SDK does not have does not compile. */
export type StateOf<Resource> = { [Name in Exclude<OutputNames<Resource>, "id" | "urn">]?: Value };

/** Every input of the SDK has a rule, so that one which we forgot does not compile either. */
export type RulesOf<Args> = Readonly<Record<keyof Args, InputRule>>;

export interface CheckFacts {
  readonly urn: string;
  /** Logical name in the program. */
  readonly name: string;
  /** Undefined on create and in the second check of a replacement. */
  readonly olds?: Inputs | undefined;
  readonly randomSeed: Uint8Array;
  /** Undefined as long as the provider's settings are unknown. */
  readonly mode?: NetworkMode | undefined;
}

/** One resource type: plain functions on plain values. */
export interface Handler {
  readonly token: string;
  /** What may be set, what a change of it means, and why everything else is refused. */
  readonly inputs: Readonly<Record<string, InputRule>>;
  /** Outputs that an update keeps. */
  readonly stables: readonly string[];
  /** What may hold a secret. An import reads it from the cloud, where nothing says so: it is taken for one as a whole. */
  readonly secretWhenImported?: readonly string[];
  /** Adds defaults; equal inputs give equal defaults, unless it makes up a name. */
  complete?(news: Inputs, facts: CheckFacts): Inputs;
  /** What the table cannot say: inputs that exclude each other, sizes, the network mode. */
  problems?(news: Inputs, facts: CheckFacts): readonly Problem[];
  /** What only the cloud knows. Asked when all else is right and the cloud can be asked, in previews too. */
  problemsInCloud?(
    news: Inputs,
    olds: Inputs | undefined,
    cloud: CloudContext,
    urn: string,
  ): Promise<readonly Problem[]>;
  /** Inputs that are written otherwise and mean the same when taken together: they do not differ. */
  alike?(oldInputs: Inputs, news: Inputs): readonly string[];
  /** True when the replacement cannot exist beside the old one, because both have the same name. */
  replacesInPlace?(oldInputs: Inputs, news: Inputs): boolean;
  /** What only the cloud knows of a difference: the answer is `found` or something in its place. It changes nothing. */
  diffInCloud?(cloud: CloudContext, request: DiffRequest, found: DiffResult): Promise<DiffResult>;
  /** What this entry of the state means in the cloud, where another entry can mean the very same: see runLedger.ts. */
  naturalKey?(id: string, state: Inputs): string;
  /** Outputs of a create: `UNKNOWN` for what only the cloud knows. */
  preview(inputs: Inputs, cloud: CloudContext): Inputs | Promise<Inputs>;
  create(cloud: CloudContext, request: CreateRequest): Promise<{ id: string; state: Inputs }>;
  /** Undefined = gone. */
  read(cloud: CloudContext, request: ReadRequest): Promise<ReadResult | undefined>;
  /** Outputs that an update changes besides those that repeat inputs. */
  previewUpdate?(cloud: CloudContext, request: UpdateRequest): Inputs | Promise<Inputs>;
  update(cloud: CloudContext, request: UpdateRequest): Promise<Inputs>;
  delete(cloud: CloudContext, request: DeleteRequest): Promise<void>;
}

/** A data source. */
export interface FunctionHandler {
  readonly token: string;
  readonly inputs: Readonly<Record<string, InputRule>>;
  invoke(cloud: CloudContext, args: Inputs): Promise<Inputs | { failures: readonly Problem[] }>;
}
