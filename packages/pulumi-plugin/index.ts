export { type Difference, differences, sameValue, topLevelName } from "./differences.ts";
export { createEngine, type Engine } from "./engine.ts";
export { InitializationError } from "./initializationError.ts";
export type {
  CheckRequest,
  CreateRequest,
  DeleteRequest,
  DiffKind,
  DiffRequest,
  DiffResult,
  Failures,
  Logger,
  Problem,
  Provider,
  ProviderContext,
  ProviderInfo,
  ReadRequest,
  ReadResult,
  ResourceRequest,
  UpdateRequest,
} from "./provider.ts";
export { engineAddress, serveGrpc } from "./serveGrpc.ts";
export { serveProvider } from "./serveProvider.ts";
export { unary } from "./unary.ts";
export {
  Archive,
  Asset,
  containsSecret,
  containsUnknown,
  type Inputs,
  inputsWithoutSecrets,
  isMap,
  isUnknown,
  Secret,
  UNKNOWN,
  Unknown,
  type Value,
  withoutSecrets,
} from "./values.ts";
