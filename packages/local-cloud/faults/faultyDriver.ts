import type { MachineDriver } from "../machine/driver.ts";
import type { FaultLayer } from "./faultLayer.ts";

/** The words of a node whose hypervisor gave up; they become the instance's reason. */
const NOT_STARTED = "The domain did not start";

/** Enough to boot, too little for the package lists of a first `apt-get update`. */
const SMALL_DISK_MB = 24;

/** Machines of the given driver that boot late, with a full disk, or not at all, where a fault says so. */
export function faultyDriver(driver: MachineDriver, faults: FaultLayer): MachineDriver {
  return {
    async start(spec) {
      const slow = faults.take("slow-boot");
      if (slow) await faults.wait(slow);
      if (faults.take("failed-boot")) throw new Error(NOT_STARTED);
      await driver.start(faults.take("full-disk") ? { ...spec, diskLimitMb: SMALL_DISK_MB } : spec);
    },
    end: (instanceId) => driver.end(instanceId),
    reboot: (instanceId) => driver.reboot(instanceId),
    running: () => driver.running(),
    console: (instanceId) => driver.console(instanceId),
    guard: (ports) => driver.guard(ports),
    ...(driver.freeze && { freeze: driver.freeze.bind(driver) }),
  };
}
