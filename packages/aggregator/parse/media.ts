import { titleText } from "../sanitize/titles.ts";
import { httpUrl, text } from "./fields.ts";
import type { Enclosure, Picture, TextConstruct } from "./types.ts";

type Described = { value?: string; type?: string };
type Content = {
  url?: string;
  type?: string;
  medium?: string;
  fileSize?: number;
  width?: number;
  height?: number;
  isDefault?: boolean;
  title?: Described;
  description?: Described;
  thumbnails?: { url?: string; width?: number }[];
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
  /** A picture that stands for the entry. */
  readonly thumbnail?: string | undefined;
  readonly credit?: string | undefined;
  readonly files: readonly Attachment[];
}

/** A file as a feed names it. */
export interface Attachment {
  readonly url?: string | undefined;
  readonly type?: string | undefined;
  readonly medium?: string | undefined;
  readonly length?: number | undefined;
  readonly alt?: string | undefined;
}

const MAX_CONTENTS = 100;
const MAX_FILES = 10;
const MAX_PICTURES = 20;

/**
 * Reads `media:*` of an entry. A title or a description is the entry's only where it belongs to the whole of it or to a
 * group; that of a single file is about this file: WordPress.com names the person whose face it is, Mastodon what is seen.
 */
export function mediaOf(media: Media | undefined, base: string): MediaFacts {
  if (media === undefined) return { files: [] };
  const groups = media.groups ?? [];
  const whole: Content[] = [media, ...groups];
  const contents = (media.contents ?? []).slice(0, MAX_CONTENTS);
  const alternatives = groups.map((group) => bestOf((group.contents ?? []).slice(0, MAX_CONTENTS)));
  const files = [...onePerPicture(contents), ...alternatives.filter((content) => content !== undefined)];
  const thumbnails = [...whole, ...contents, ...groups.flatMap((group) => group.contents ?? [])].flatMap((place) =>
    widest(place.thumbnails ?? []),
  );
  return {
    title: described(
      whole.map(({ title }) => title),
      base,
    ),
    description: described(
      whole.map(({ description }) => description),
      base,
    ),
    thumbnail: httpUrl(thumbnails[0]?.url, base),
    credit: media.credits?.[0]?.value,
    files: files.map(({ url, type, medium, fileSize, description }) => ({
      url,
      type,
      medium,
      length: fileSize,
      alt: plain(description),
    })),
  };
}

/** A group holds one thing in several sizes or formats. */
function bestOf(contents: readonly Content[]): Content | undefined {
  const usable = contents.filter((content) => content.url !== undefined && !isFlash(content));
  const [largest] = widest(usable);
  return usable.find(({ isDefault }) => isDefault === true) ?? largest;
}

/** Without a group, addresses that differ in their width alone are sizes of one picture. */
function onePerPicture(contents: readonly Content[]): Content[] {
  const sizes = new Map<string, Content[]>();
  for (const content of contents) {
    const key = withoutSize(content);
    sizes.set(key, [...(sizes.get(key) ?? []), content]);
  }
  return [...sizes.values()].flatMap(widest);
}

function withoutSize({ url = "", width, height }: Content): string {
  const sizes = [width, height].filter((size) => size !== undefined && size >= 10).map(String);
  const address = url.slice(0, 2_000);
  const general = address.replace(/\d+/g, (number) => (sizes.includes(number) ? "*" : number));
  return general === address ? url : general.replace(/\?.*/s, ""); // services sign the size in the query
}

/** The widest, or the first. */
function widest<T extends { readonly width?: number }>(contents: readonly T[]): T[] {
  const [first, ...rest] = contents;
  return first === undefined
    ? []
    : [rest.reduce((best, next) => ((next.width ?? 0) > (best.width ?? 0) ? next : best), first)];
}

function described(values: readonly (Described | undefined)[], base: string): TextConstruct | undefined {
  const value = values.find((candidate) => candidate?.value !== undefined);
  return text(value?.type === "html" ? "html" : "text", value?.value, base);
}

const plain = (description: Described | undefined): string =>
  titleText(text(description?.type === "html" ? "html" : "text", description?.value));

/** Pictures, which are shown, and other files, which are offered; each once. */
export interface Attached {
  readonly enclosures: readonly Enclosure[];
  readonly pictures: readonly Picture[];
}

/**
 * Sorts the files of an entry. Faces and Flash are neither.
 * @param preview stands for the entry where it shows no other picture.
 */
export function attached(files: readonly Attachment[], preview: string | undefined, base: string): Attached {
  const enclosures = new Map<string, Enclosure>();
  const pictures = new Map<string, Picture>();
  for (const file of files.slice(0, MAX_CONTENTS)) {
    const url = httpUrl(file.url, base);
    if (url === undefined || isFace(url) || isFlash(file)) continue;
    const type = typeOf(file, url);
    if (type?.startsWith("image/") === true) {
      const alt = file.alt || pictures.get(url)?.alt;
      pictures.set(url, { url, ...(alt && { alt }) });
    } else if (!enclosures.has(url)) {
      enclosures.set(url, { url, type, length: file.length });
    }
  }
  if (preview !== undefined && !pictures.has(preview) && !isFace(preview)) {
    pictures.set(preview, { url: preview, isPreview: true });
  }
  return {
    enclosures: [...enclosures.values()].slice(0, MAX_FILES),
    pictures: [...pictures.values()].slice(0, MAX_PICTURES),
  };
}

/** The face of who wrote it, which WordPress.com gives with every entry. */
const isFace = (url: string): boolean =>
  /^https?:\/\/[^/]*\bgravatar\.|^https?:\/\/[^/]*\/(?:bl)?avatars?\//i.test(url);

const isFlash = ({ type = "", url = "" }: { type?: string | undefined; url?: string | undefined }): boolean =>
  /shockwave-flash/i.test(type) || /\.swf(?:[?#]|$)/i.test(url);

/** What the feed says, unless it says nothing; else by `medium` and the end of the name. */
function typeOf({ type, medium }: Attachment, url: string): string | undefined {
  const given = type?.trim().toLowerCase() ?? "";
  if (/^[\w.+-]+\/[\w.+-]+/.test(given) && given !== "application/octet-stream") return given;
  const name = /\.(\w{2,5})$/.exec(new URL(url).pathname)?.[1]?.toLowerCase() ?? "";
  const byMedium = { image: "image/jpeg", audio: "audio/mpeg", video: "video/mp4" }[medium ?? given];
  return TYPES.get(name) ?? byMedium ?? (given === "" ? undefined : given);
}

const TYPES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    avif: "image/avif",
    gif: "image/gif",
    jpeg: "image/jpeg",
    jpg: "image/jpeg",
    png: "image/png",
    webp: "image/webp",
    aac: "audio/aac",
    flac: "audio/flac",
    m4a: "audio/mp4",
    mp3: "audio/mpeg",
    oga: "audio/ogg",
    ogg: "audio/ogg",
    opus: "audio/ogg",
    wav: "audio/wav",
    m4v: "video/mp4",
    mov: "video/quicktime",
    mp4: "video/mp4",
    ogv: "video/ogg",
    webm: "video/webm",
    epub: "application/epub+zip",
    pdf: "application/pdf",
    zip: "application/zip",
  }),
);
