import type { XmlNode } from "../wire/xml.ts";
import { ACCOUNT_ID, type World } from "../world/world.ts";
import { action, FILTER } from "./action.ts";
import { imageNotFound, invalidParameterValue } from "./errors.ts";
import { applyFilters, type FilterFields, noMatch } from "./filters.ts";
import { isResourceId, withoutMagicId } from "./resourceIds.ts";
import { tagSet } from "./sets.ts";

/** A date in the past, the same for all clouds: images have no history here. */
const CREATED = new Date("2026-01-01T00:00:00.000Z");

interface Image {
  readonly imageId: string;
  readonly name: string;
}

/** The images are public and of our account. Source: Corymbia/eucalyptus `ComputeService.java`, `Images.java`. */
export const describeImages = action({
  name: "DescribeImages",
  params: { ImageId: ["string"], Owner: ["string"], ExecutableBy: ["string"], Filter: FILTER },

  run(world, { ImageId, Owner, ExecutableBy, Filter }) {
    const ids = withoutMagicId(ImageId).map((id) => knownImage(world, id));
    const asked = [...world.images]
      .map(([imageId, name]): Image => ({ imageId, name }))
      .filter(({ imageId }) => ids.length === 0 || ids.includes(imageId))
      .filter(() => Owner.length === 0 || Owner.some((owner) => owner === "self" || owner === ACCOUNT_ID))
      .filter(() => ExecutableBy.length === 0 || ExecutableBy.some((who) => ["all", "self", ACCOUNT_ID].includes(who)));
    const matching = applyFilters(asked, Filter, FIELDS, ({ imageId }) => world.tagsOf(imageId));
    return { imagesSet: matching.map((image) => imageItem(world, image)) };
  },
});

function knownImage(world: World, id: string): string {
  if (!isResourceId(id, "(?:[ea]mi|[ea]ki|[ea]ri)")) {
    throw invalidParameterValue(`Value (${id}) for parameter images is invalid.`);
  }
  if (!world.images.has(id.toLowerCase())) throw imageNotFound(id);
  return id.toLowerCase();
}

function imageItem(world: World, { imageId, name }: Image): XmlNode {
  return {
    imageId,
    imageLocation: locationOf(name),
    imageState: "available",
    imageOwnerId: ACCOUNT_ID,
    isPublic: true,
    productCodes: [],
    architecture: "x86_64",
    imageType: "machine",
    platform: "",
    name,
    description: name,
    rootDeviceType: "instance-store",
    rootDeviceName: "/dev/ami",
    blockDeviceMapping: [],
    virtualizationType: "hvm",
    tagSet: tagSet(world, imageId),
    creationDate: CREATED,
  };
}

const locationOf = (name: string): string => `starter-emis/${name}.img.manifest.xml`;

const FIELDS: FilterFields<Image> = {
  ...noMatch(
    ...["delete-on-termination", "device-name", "snapshot-id", "volume-size", "volume-type"].map(
      (name) => `block-device-mapping.${name}`,
    ),
    ...["kernel-id", "owner-alias", "platform", "product-code", "ramdisk-id", "hypervisor", "product-code.type"],
    ...["state-reason-code", "state-reason-message"],
  ),
  architecture: () => "x86_64",
  description: ({ name }) => name,
  "image-id": ({ imageId }) => imageId,
  "image-type": () => "machine",
  "is-public": () => true,
  "manifest-location": ({ name }) => locationOf(name),
  name: ({ name }) => name,
  "owner-id": () => ACCOUNT_ID,
  "root-device-name": () => "/dev/ami",
  "root-device-type": () => "instance-store",
  state: () => "available",
  "virtualization-type": () => "hvm",
};
