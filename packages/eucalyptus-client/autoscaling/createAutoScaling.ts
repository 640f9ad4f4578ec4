import type { Connection } from "../connection.ts";
import { groupCalls } from "./groups.ts";
import { launchConfigurationCalls } from "./launchConfigurations.ts";
import { memberCalls } from "./members.ts";
import { createSend } from "./send.ts";

export type AutoScaling = ReturnType<typeof createAutoScaling>;

/** Auto Scaling as Eucalyptus takes it; `url` ends in `/services/AutoScaling/`. Parameters that it does not know are ignored. */
export function createAutoScaling(url: string, connection: Connection) {
  const send = createSend(url, connection);
  return { ...groupCalls(send), ...launchConfigurationCalls(send), ...memberCalls(send) };
}
