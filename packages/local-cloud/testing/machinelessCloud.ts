import path from "node:path";
import { type Cloud, createLocalCloud } from "../cloud.ts";
import { cloudIdentity } from "../identity.ts";
import { IMAGE_NAMES } from "../machine/images.ts";
import { noneDriver } from "../machine/noneDriver.ts";

/**
 * A local cloud whose instances boot nothing, with all that it keeps in `folder`.
 * @param clockFactor how many times faster the loops of load balancing and Auto Scaling run
 */
export async function startMachinelessCloud(
  name: string,
  mode: "edge" | "vpc",
  folder: string,
  clockFactor = 1,
): Promise<Cloud> {
  const cloud = createLocalCloud({
    identity: cloudIdentity(name),
    mode,
    clockFactor,
    driver: noneDriver(),
    network: { apply: () => {} },
    stateFile: path.join(folder, "cloud.json"),
    objectsDirectory: path.join(folder, "objects"),
    imageNames: IMAGE_NAMES,
    log: () => {},
  });
  await cloud.start();
  return cloud;
}
