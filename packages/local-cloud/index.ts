import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { ask, follow, isListening } from "./daemon/controlClient.ts";
import { placesOf } from "./daemon/places.ts";
import { LocalCloudError } from "./localCloudError.ts";
import { readConsole } from "./machine/console.ts";
import type { LoggedRequest } from "./wire/requestLog.ts";

export { sampleAnswer } from "./blogs/sampleAnswer.ts";
export {
  ensureImage,
  FIRST_IMAGE,
  openShell,
  resetCloud,
  type StartOptions,
  startCloud,
  stopCloud,
} from "./daemon/lifecycle.ts";
export { cloudNames } from "./daemon/places.ts";
export { type CloudStatus, cloudStatus } from "./daemon/status.ts";
export { FAULTS } from "./faults/catalogue.ts";
export type { ActiveFault } from "./faults/faultLayer.ts";
export { cloudIdentity } from "./identity.ts";
export { LocalCloudError } from "./localCloudError.ts";
export { IMAGE_NAMES, type ImageName, imageId } from "./machine/images.ts";
export type { LoggedRequest } from "./wire/requestLog.ts";

/**
 * The last 64 KiB that an instance has written to its console, since its first boot; also after its end, until a reset.
 * A cloud that does not run has left them on disk.
 */
export async function consoleOutput(name: string, instanceId: string): Promise<string> {
  const { controlSocket, consoleDirectory } = placesOf(name);
  if (await isListening(controlSocket)) return (await ask(controlSocket, "GET", `/console/${instanceId}`)).toString();
  const file = join(consoleDirectory, `${instanceId}.log`);
  if (!consolesOf(name).includes(instanceId))
    throw new LocalCloudError("REFUSED", `cloud "${name}" has no console of ${instanceId}: there is no ${file}`);
  return readConsole(file).toString();
}

/** Instances whose console is on disk, the one that last wrote first; what {@link consoleOutput} can show of a stopped cloud. */
export function consolesOf(name: string): string[] {
  const { consoleDirectory } = placesOf(name);
  if (!existsSync(consoleDirectory)) return [];
  const written = (file: string): number => statSync(join(consoleDirectory, file)).mtimeMs;
  const files = readdirSync(consoleDirectory).filter((file) => file.endsWith(".log"));
  return files.toSorted((one, other) => written(other) - written(one)).map((file) => file.slice(0, -".log".length));
}

/** What that instance writes to its console, from its end on, until the reader has enough. The cloud must run. */
export function followConsole(name: string, instanceId: string): AsyncIterable<string> {
  return follow(placesOf(name).controlSocket, `/console-follow/${instanceId}`);
}

/** The last requests that the running cloud remembers; with `goOn` also those that come, until the reader has enough. */
export async function* loggedRequests(name: string, goOn: boolean): AsyncGenerator<LoggedRequest> {
  let rest = "";
  for await (const text of follow(placesOf(name).controlSocket, goOn ? "/requests/follow" : "/requests")) {
    const lines = `${rest}${text}`.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) yield JSON.parse(line) as LoggedRequest;
  }
}

/** Changes how public addresses move, from the next move on, and how fast the loops run; kept for later starts. */
export async function changeSettings(
  name: string,
  changes: { moveDelayMs?: number; cutOnMove?: boolean; clockFactor?: number },
): Promise<void> {
  await ask(placesOf(name).controlSocket, "POST", "/settings", changes);
}

/** Makes the running cloud fail on purpose. @throws {LocalCloudError} `WRONG_FAULT`, `NO_MACHINES`, `NOT_RUNNING` */
export async function setFault(name: string, fault: Readonly<Record<string, unknown>>): Promise<void> {
  const { wantedFault } = await faultWords();
  await ask(placesOf(name).controlSocket, "POST", "/fault", wantedFault(fault));
}

/** @param fault all, when there is none */
export async function clearFault(name: string, fault?: string): Promise<void> {
  const { faultNamed } = await faultWords();
  await ask(placesOf(name).controlSocket, "POST", "/clear-fault", {
    ...(fault !== undefined && { fault: faultNamed(fault) }),
  });
}

/** What `--action` of a fault may be. */
export async function operationNames(): Promise<ReadonlySet<string>> {
  return (await import("./faults/operationNames.ts")).OPERATION_NAMES;
}

/** It knows all operations of the cloud; whatever else is asked of this file does not wait for them. */
const faultWords = () => import("./faults/wantedFault.ts");
