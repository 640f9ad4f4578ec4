import { createHash } from "node:crypto";
import { normalisedId, normalisedLink } from "../entry/addresses.ts";
import { type ArchivedEntry, type GoneEntry, isShown } from "./types.ts";

/*
 * By these the archive knows feeds and entries in any spelling of their addresses, and forgotten.json names what is to be
 * forgotten: from a hash nobody learns what it was.
 */

export const feedKey = (url: string): string => hashOf(`feed ${normalisedLink(url)}`);

/** What an entry may be called. */
export const entryKeys = ({ id, link }: Pick<ArchivedEntry, "id" | "link">): string[] =>
  [normalisedId(id), ...(link === "" ? [] : [normalisedLink(link)])].map((name) => hashOf(`entry ${name}`));

/** By which an entry is known again within its month. */
export const idKey = (id: string): string => hashOf(`id ${id}`).slice(0, 32);

export const keyOf = (entry: ArchivedEntry | GoneEntry): string => (isShown(entry) ? idKey(entry.id) : entry.key);

const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex");
