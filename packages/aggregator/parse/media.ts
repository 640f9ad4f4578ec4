import { httpUrl, text } from "./fields.ts";
import type { Enclosure, TextConstruct } from "./types.ts";

type Described = { value?: string; type?: string };
type Content = {
  url?: string;
  type?: string;
  medium?: string;
  fileSize?: number;
  title?: Described;
  description?: Described;
  thumbnails?: { url?: string }[];
};
type Media = Content & {
  contents?: Content[];
  groups?: (Content & { contents?: Content[] })[];
  credits?: { value?: string }[];
};

/** What Media RSS says about an entry, wherever in it. */
export interface MediaFacts {
  readonly title?: TextConstruct | undefined;
  readonly description?: TextConstruct | undefined;
  readonly image?: string | undefined;
  readonly credit?: string | undefined;
  readonly files: readonly Enclosure[];
}

/** Reads `media:*` of an entry: of the entry itself, then of its groups, then of each content. */
export function mediaOf(media: Media | undefined, base: string): MediaFacts {
  if (media === undefined) return { files: [] };
  const groups = media.groups ?? [];
  const contents = [...(media.contents ?? []), ...groups.flatMap((group) => group.contents ?? [])];
  const places: Content[] = [media, ...groups, ...contents];
  const picture = contents.find(({ medium, type }) => medium === "image" || type?.startsWith("image/") === true);
  return {
    title: described(
      places.map((place) => place.title),
      base,
    ),
    description: described(
      places.map((place) => place.description),
      base,
    ),
    image: httpUrl(places.flatMap((place) => place.thumbnails ?? [])[0]?.url ?? picture?.url, base),
    credit: media.credits?.[0]?.value,
    files: contents
      .filter((content) => content !== picture && content.url !== undefined)
      .map(({ url, type, fileSize }) => ({ url: url ?? "", type, length: fileSize })),
  };
}

function described(values: readonly (Described | undefined)[], base: string): TextConstruct | undefined {
  const value = values.find((candidate) => candidate?.value !== undefined);
  return text(value?.type === "html" ? "html" : "text", value?.value, base);
}
