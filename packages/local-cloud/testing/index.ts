export { type Cloud, createLocalCloud } from "../cloud.ts";
export { ANSWER_FAULTS, type AnswerFault, type AnswerFaultName } from "../faults/answerFaults.ts";
export type { MachineDriver, Route } from "../machine/driver.ts";
export { startMachinelessCloud } from "./machinelessCloud.ts";
