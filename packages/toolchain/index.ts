export { ensureToolchain } from "./ensureToolchain.ts";
export { localCloudAt } from "./localCloud.ts";
export { readProjectFile } from "./projectFile.ts";
export { cloudStopped, pulumiCommand } from "./pulumiCommand.ts";
export { pendingCreates } from "./state/pendingCreates.ts";
export { stateFolder } from "./state/stateFolder.ts";
export { LOCAL_STACK, pathAdditions, toolchainEnvironment } from "./toolchainEnvironment.ts";
