export { differences, topLevelName } from "./differences.ts";
export { InitializationError } from "./initializationError.ts";
export type {
  CreateRequest,
  DeleteRequest,
  DiffKind,
  DiffRequest,
  DiffResult,
  Logger,
  Problem,
  Provider,
  ProviderContext,
  ReadRequest,
  ReadResult,
  UpdateRequest,
} from "./provider.ts";
export { engineAddress, serveGrpc } from "./serveGrpc.ts";
export { serveProvider } from "./serveProvider.ts";
export { unary } from "./unary.ts";
export {
  Asset,
  containsSecret,
  containsUnknown,
  type Inputs,
  isMap,
  isUnknown,
  Secret,
  UNKNOWN,
  type Value,
  withoutSecrets,
} from "./values.ts";
