import type { Inputs } from "./values.ts";

/** What is wrong with one property, as the engine prints it; `property` "" means the whole resource. */
export interface Problem {
  /** A path such as `tags.Name` or `ingress[0].fromPort`. The engine prints the named value. */
  readonly property: string;
  readonly reason: string;
}

/** Thrown nowhere: {@link Provider.check} and {@link Provider.invoke} return it. */
export interface Failures {
  readonly failures: readonly Problem[];
}

interface ResourceRequest {
  readonly urn: string;
  /** Type token, `aws:ec2/instance:Instance`. */
  readonly type: string;
}

interface CheckRequest extends ResourceRequest {
  /** The logical name in the program. */
  readonly name: string;
  readonly news: Inputs;
  /** Checked inputs of the state; undefined on create and on the second check of a replacement. */
  readonly olds?: Inputs;
  /** 32 bytes, equal for preview and update of one plan only; for names that the provider makes up. */
  readonly randomSeed: Uint8Array;
}

export interface DiffRequest extends ResourceRequest {
  readonly id: string;
  /** Compare these with `news`. */
  readonly oldInputs: Inputs;
  /** Outputs of the state, for drift that a refresh recorded. */
  readonly olds: Inputs;
  readonly news: Inputs;
  readonly ignoreChanges: readonly string[];
}

export type DiffKind = "add" | "add-replace" | "delete" | "delete-replace" | "update" | "update-replace";

export interface DiffResult {
  readonly changes: boolean;
  /** Top-level names that force a replacement. */
  readonly replaces: readonly string[];
  /** Path to kind; paths with an index (`triggers[0]`) are what `replaceOnChanges` matches. */
  readonly detailed: Readonly<Record<string, DiffKind>>;
  readonly deleteBeforeReplace?: boolean;
  /** Outputs that keep their value in an update, besides the id. */
  readonly stables?: readonly string[];
}

export interface CreateRequest extends ResourceRequest {
  readonly name: string;
  readonly inputs: Inputs;
  readonly preview: boolean;
  /** From `customTimeouts`; 0 = not given. The engine does not enforce it. */
  readonly timeoutSeconds: number;
}

export interface ReadRequest extends ResourceRequest {
  readonly name: string;
  readonly id: string;
  /** Undefined on import and `.get()`: then both are built from the world alone. */
  readonly state?: Inputs;
  readonly inputs?: Inputs;
}

export interface UpdateRequest extends ResourceRequest {
  readonly name: string;
  readonly id: string;
  readonly olds: Inputs;
  readonly oldInputs: Inputs;
  readonly news: Inputs;
  readonly preview: boolean;
  readonly timeoutSeconds: number;
  readonly ignoreChanges: readonly string[];
}

export interface DeleteRequest extends ResourceRequest {
  readonly id: string;
  readonly state: Inputs;
  readonly oldInputs: Inputs;
  readonly timeoutSeconds: number;
}

export interface ReadResult {
  readonly id: string;
  readonly state: Inputs;
  /** Only what the user had set, with live values: anything more shows as a change in the next preview. */
  readonly inputs: Inputs;
}

/**
 * A Pulumi provider on plain values: no protobuf, no callbacks. Methods run in parallel for independent resources.
 * Any error thrown is shown to the user under the resource; {@link InitializationError} keeps what was made.
 */
export interface Provider {
  /** Problems of the provider's own settings. Values are as the SDK sends them: everything but a string is JSON text. */
  checkConfig?(news: Inputs): Promise<readonly Problem[]>;
  /** Secrets are unwrapped. Not called in a preview with unknown settings. */
  configure(config: Inputs): Promise<void>;
  check(request: CheckRequest): Promise<{ readonly inputs: Inputs } | Failures>;
  diff(request: DiffRequest): Promise<DiffResult>;
  /** In a preview: id "" and `UNKNOWN` for what is known later. A plain error means that nothing exists. */
  create(request: CreateRequest): Promise<{ readonly id: string; readonly state: Inputs }>;
  /** Undefined = gone. */
  read(request: ReadRequest): Promise<ReadResult | undefined>;
  update(request: UpdateRequest): Promise<{ readonly state: Inputs }>;
  /** Already gone is success. */
  delete(request: DeleteRequest): Promise<void>;
  /** A data source: runs in previews and in updates, so it changes nothing. */
  invoke(token: string, args: Inputs, preview: boolean): Promise<Inputs | Failures>;
}

/** Messages for the user, shown under the resource of `urn`. Sending never fails and never blocks. */
export interface Logger {
  /** Ephemeral: the live progress row of the resource. */
  status(urn: string, text: string): void;
  info(urn: string, text: string): void;
  /** Shown only with `pulumi --debug`. */
  debug(urn: string, text: string): void;
  /** There is no `error`: it would make the whole operation fail although the call succeeds. */
  warning(urn: string, text: string): void;
}

export interface ProviderContext {
  readonly log: Logger;
  /** Aborted at the user's first Ctrl-C: end waits, and keep what exists by an {@link InitializationError}. */
  readonly cancelled: AbortSignal;
}

export interface ProviderInfo {
  /** Package name, `aws`. */
  readonly name: string;
  /** Without `v`. */
  readonly version: string;
  /**
   * True: secrets arrive as `Secret` in check, diff, create …, and the provider marks what it returns. False: plain
   * values arrive, and what repeats a secret is marked for it; see keepSecrets.ts.
   * @defaultValue false
   */
  readonly acceptSecrets?: boolean;
}
