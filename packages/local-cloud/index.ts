import type { Faults } from "./cloud.ts";
import { ask } from "./daemon/controlClient.ts";
import { placesOf } from "./daemon/places.ts";

export { CloudError, type CloudErrorCode } from "./daemon/errors.ts";
export { ensureImage, FIRST_IMAGE, resetCloud, type StartOptions, startCloud, stopCloud } from "./daemon/lifecycle.ts";
export { type CloudStatus, cloudStatus } from "./daemon/status.ts";
export { type CloudIdentity, cloudIdentity } from "./identity.ts";
export { IMAGE_NAMES, type ImageName, imageId } from "./machine/images.ts";
export { missingRights } from "./machine/rights.ts";
export type { Faults };

/** The last 64 KiB that an instance has written to its console, since its first boot; also after its end, until a reset. */
export async function consoleOutput(name: string, instanceId: string): Promise<string> {
  return (await ask(placesOf(name).controlSocket, "GET", `/console/${instanceId}`)).toString();
}

/** Changes how public addresses move, from the next move on; kept for later starts. */
export async function changeSettings(
  name: string,
  changes: { moveDelayMs?: number; cutOnMove?: boolean },
): Promise<void> {
  await ask(placesOf(name).controlSocket, "POST", "/settings", changes);
}

/** Makes the cloud fail on purpose; what is not given stays as it is. */
export async function setFaults(name: string, faults: Partial<Faults>): Promise<void> {
  await ask(placesOf(name).controlSocket, "POST", "/faults", faults);
}
