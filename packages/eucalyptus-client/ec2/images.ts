import type { Image as SdkImage } from "@aws-sdk/client-ec2";
import { needed } from "../http/foreignAnswer.ts";
import { type FILTER_NAMES, type Filters, sdkFilters } from "./filters.ts";
import type { Send } from "./send.ts";
import { tagMap } from "./tags.ts";

export interface Image {
  /** `emi-…` or, on fresh 5.x clouds, `ami-…`. */
  readonly imageId: string;
  readonly name: string;
  readonly description: string;
  readonly location: string;
  readonly state: string;
  readonly ownerId: string;
  readonly ownerAlias: string;
  readonly isPublic: boolean;
  readonly architecture: string;
  readonly imageType: string;
  readonly kernelId: string;
  readonly ramdiskId: string;
  readonly platform: string;
  readonly rootDeviceType: string;
  readonly rootDeviceName: string;
  readonly virtualizationType: string;
  /** ISO 8601. */
  readonly creationDate: string;
  readonly tags: Readonly<Record<string, string>>;
}

export function imageCalls(send: Send) {
  return {
    /** Newest first, then by id. */
    describeImages: (query: {
      readonly filters: Filters<(typeof FILTER_NAMES)["images"][number]>;
      /** Account ids or `self`. */
      readonly owners?: readonly string[] | undefined;
      readonly executableUsers?: readonly string[] | undefined;
    }): Promise<Image[]> =>
      send(
        "DescribeImages",
        (sdk) =>
          new sdk.DescribeImagesCommand({
            ...sdkFilters(query.filters),
            ...(query.owners?.length && { Owners: [...query.owners] }),
            ...(query.executableUsers?.length && { ExecutableUsers: [...query.executableUsers] }),
          }),
        ({ Images = [] }) =>
          Images.map(fromSdk).toSorted(
            (a, b) => b.creationDate.localeCompare(a.creationDate) || a.imageId.localeCompare(b.imageId),
          ),
      ),
  };
}

function fromSdk(image: SdkImage): Image {
  return {
    imageId: needed(image.ImageId, "imageId"),
    name: image.Name ?? "",
    description: image.Description ?? "",
    location: image.ImageLocation ?? "",
    state: needed(image.State, "imageState"),
    ownerId: image.OwnerId ?? "",
    ownerAlias: image.ImageOwnerAlias ?? "",
    isPublic: image.Public ?? false,
    architecture: image.Architecture ?? "",
    imageType: image.ImageType ?? "",
    kernelId: image.KernelId ?? "",
    ramdiskId: image.RamdiskId ?? "",
    platform: image.Platform ?? "",
    rootDeviceType: image.RootDeviceType ?? "",
    rootDeviceName: image.RootDeviceName ?? "",
    virtualizationType: image.VirtualizationType ?? "",
    creationDate: image.CreationDate ?? "",
    tags: tagMap(image.Tags),
  };
}
