import { ensureImage } from "../machine/imageStore.ts";
import { IMAGE_NAMES } from "../machine/images.ts";

/** @throws {Error} for a name that no local cloud offers. */
export async function buildImages(names: readonly string[], onProgress: (line: string) => void): Promise<void> {
  for (const name of names) {
    const image = IMAGE_NAMES.find((known) => known === name);
    if (!image) throw new Error(`there is no image "${name}"; there are ${IMAGE_NAMES.join(", ")}`);
    await ensureImage(image, onProgress);
  }
}
