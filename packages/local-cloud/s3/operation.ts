import type { RequestHead } from "../wire/target.ts";
import type { World } from "../world/world.ts";
import type { ObjectBytes, StoredBytes } from "./objectBytes.ts";

/** `account`: signed with our key; `nobody`: not signed. */
export type Caller = "account" | "nobody";

/** Everything that an operation may look at. */
export interface S3Request {
  readonly world: World;
  readonly bytes: ObjectBytes;
  readonly caller: Caller;
  readonly head: RequestHead;
  readonly bucketName: string;
  readonly key: string;
  /** Known sub-resources and the `response-*` overrides; all others were dropped. */
  readonly parameters: ReadonlyMap<string, string>;
  /** The fields of an upload by a form. */
  readonly form?: ReadonlyMap<string, string>;
  /** A small body, whole. Empty for an operation that stores its body. */
  readonly body: Buffer;
  /** The body on disk, for an operation that stores it. */
  readonly stored: StoredBytes | undefined;
  /** Files that nothing refers to after this operation; removed once the state is saved. */
  readonly unused: string[];
}

export interface S3Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | FileSlice;
  /** So many characters or bytes of the body go out, and the connection breaks. */
  readonly cutAt?: number;
}

interface FileSlice {
  readonly file: string;
  readonly start: number;
  readonly length: number;
}

/** One operation, named as Eucalyptus and S3 name it. */
export interface Operation {
  readonly name: string;
  /** The body goes to disk, after {@link Operation.check} has passed. */
  readonly storesBody?: true;
  /** What is refused before the body is read; `run` checks it again, since the world may have changed meanwhile. */
  readonly check?: (request: S3Request) => void;
  readonly run: (request: S3Request) => S3Answer | Promise<S3Answer>;
}
