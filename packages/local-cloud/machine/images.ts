import { createHash } from "node:crypto";

/** The images that every local cloud offers: a Debian release, and what runs user-data in it. */
export const IMAGE_NAMES = ["debian-12-cloud-init", "debian-12-rc-local", "debian-13-cloud-init"] as const;

export type ImageName = (typeof IMAGE_NAMES)[number];

/** `emi-` + 8 hex digits that follow from the name, so that a committed stack file can name an image. */
export function imageId(name: ImageName): string {
  return `emi-${createHash("sha256").update(name).digest("hex").slice(0, 8)}`;
}
