import { sha256Of } from "@planet/content";
import { normalisedId, normalisedLink } from "../entry/addresses.ts";
import { type ArchivedEntry, type GoneEntry, isShown } from "./types.ts";

/*
 * By these the archive knows feeds and entries in any spelling of their addresses, and forgotten.json names what is to be
 * forgotten: from a hash nobody learns what it was.
 */

export const feedKey = (url: string): string => sha256Of(`feed ${normalisedLink(url)}`);

/** What an entry may be called. */
export const entryKeys = ({ id, link }: Pick<ArchivedEntry, "id" | "link">): string[] =>
  [normalisedId(id), ...(link === "" ? [] : [normalisedLink(link)])].map((name) => sha256Of(`entry ${name}`));

/** By which an entry is known again within its month. */
export const idKey = (id: string): string => sha256Of(`id ${id}`).slice(0, 32);

export const keyOf = (entry: ArchivedEntry | GoneEntry): string => (isShown(entry) ? idKey(entry.id) : entry.key);
