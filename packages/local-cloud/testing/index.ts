export { type Cloud, createLocalCloud } from "../cloud.ts";
export type { MachineDriver, Route } from "../machine/driver.ts";
export { startMachinelessCloud } from "./machinelessCloud.ts";
