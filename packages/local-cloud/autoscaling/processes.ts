import { queryAction } from "../wire/queryAction.ts";
import { validationError } from "./errors.ts";
import { groupNamed } from "./shared.ts";
import { PROCESSES, type ProcessName } from "./types.ts";

const PARAMS = { AutoScalingGroupName: "string?", ScalingProcesses: ["string"] } as const;

/** None given: all. @throws {ServiceError} `ValidationError` */
function processesIn(given: readonly string[]): readonly ProcessName[] {
  if (given.length === 0) return PROCESSES;
  return given.map((name, index) => {
    const known = PROCESSES.find((process) => process === name);
    if (!known) throw validationError(`'${name}' for parameter ScalingProcesses.member.${index + 1} is invalid`);
    return known;
  });
}

export const suspendProcesses = queryAction({
  name: "SuspendProcesses",
  basis: "observed",
  params: PARAMS,

  run(world, { AutoScalingGroupName, ScalingProcesses }) {
    const processes = processesIn(ScalingProcesses);
    const group = groupNamed(world, AutoScalingGroupName);
    for (const process of processes)
      if (!group.suspended.has(process)) group.suspended.set(process, "Manual suspension");
    return undefined;
  },
});

/** Also what the cloud itself has suspended. */
export const resumeProcesses = queryAction({
  name: "ResumeProcesses",
  basis: "observed",
  params: PARAMS,

  run(world, { AutoScalingGroupName, ScalingProcesses }) {
    const processes = processesIn(ScalingProcesses);
    const group = groupNamed(world, AutoScalingGroupName);
    for (const process of processes) group.suspended.delete(process);
    if (processes.includes("Launch")) {
      group.launchFailures = 0;
      group.nextLaunchAt = undefined;
    }
    return undefined;
  },
});
