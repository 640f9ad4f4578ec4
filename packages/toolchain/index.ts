export type { Progress } from "./cacheEntry.ts";
export { ensureToolchain, type Toolchain, type ToolchainRequest } from "./ensureToolchain.ts";
export { readProjectFile } from "./projectFile.ts";
export { type PulumiCommand, type PulumiCommandRequest, pulumiCommand } from "./pulumiCommand.ts";
export { type PendingCreate, pendingCreates } from "./state/pendingCreates.ts";
export { stateFolder } from "./state/stateFolder.ts";
export { type EnvironmentRequest, LOCAL_STACK, pathAdditions, toolchainEnvironment } from "./toolchainEnvironment.ts";
export { ToolchainError } from "./toolchainError.ts";
