import type { MachineDriver } from "./driver.ts";

/** Machines in word only, for the API alone: no root, no network. They do not survive a restart of the cloud. */
export function noneDriver(): MachineDriver {
  const running = new Set<string>();
  return {
    start: ({ instanceId }) => Promise.resolve(void running.add(instanceId)),
    end: (instanceId) => Promise.resolve(void running.delete(instanceId)),
    reboot: () => Promise.resolve(),
    running: () => Promise.resolve([...running]),
    guard: () => Promise.resolve(),
    console: () => Promise.resolve(Buffer.alloc(0)),
  };
}
