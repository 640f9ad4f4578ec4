import { type GroupTag, TAG_LIMIT } from "@planet/eucalyptus-client";
import { COMPLETE_TAG, REPLACES_TAG, STACK_TAG } from "@planet/eucalyptus-client/marks";
import { type Inputs, isMap, type Value } from "@planet/pulumi-plugin";
import type { CloudContext } from "../cloudContext.ts";

/** Tags of the provider's own: never shown, never handed on to servers, and not to be set by a program. */
const OWN_TAGS: readonly string[] = [COMPLETE_TAG, REPLACES_TAG, STACK_TAG];
const KEY_CHARACTERS = 127;
const VALUE_CHARACTERS = 255;

/** Reason why the cloud would refuse the tags, or servers would not get them. */
export function problemWithTags(value: Value): string | undefined {
  const tags = Array.isArray(value) ? value.filter(isMap) : [];
  const limit = TAG_LIMIT - OWN_TAGS.length;
  if (tags.length > limit) return `has ${tags.length} tags, ${limit} are possible`;
  const keys = tags.map(({ key }) => key);
  const twice = keys.find((key, index) => keys.indexOf(key) < index);
  if (twice !== undefined) return `has the key "${String(twice)}" twice; remove one`;
  return tags.map((tag) => problemWithTag({ ...tag })).find((reason) => reason !== undefined);
}

function problemWithTag({ key, value, propagateAtLaunch, ...rest }: Inputs): string | undefined {
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) return `has ${unknown}, which is not known here; remove it`;
  if (typeof key !== "string" || key === "" || key.length > KEY_CHARACTERS) {
    return `needs keys of 1 to ${KEY_CHARACTERS} characters`;
  }
  if (/^(aws|euca):/.test(key) || OWN_TAGS.includes(key))
    return `has the key "${key}", which is reserved; choose another`;
  if (typeof value !== "string" || value.length > VALUE_CHARACTERS) {
    return `"${key}" needs a text of at most ${VALUE_CHARACTERS} characters`;
  }
  if (typeof propagateAtLaunch !== "boolean") return `"${key}" needs propagateAtLaunch, true or false`;
  return undefined;
}

/** Tags that {@link problemWithTags} has let through. */
export function tagsFrom(value: Value | undefined): GroupTag[] {
  const tags = Array.isArray(value) ? value.filter(isMap) : [];
  return tags.map(({ key, value: text, propagateAtLaunch }) => ({
    key: String(key),
    value: String(text),
    propagateAtLaunch: propagateAtLaunch === true,
  }));
}

/** Their order means nothing. */
export function sameTags(old: Value, now: Value): boolean {
  return textOfTags(tagsFrom(old)) === textOfTags(tagsFrom(now));
}

const textOfTags = (tags: readonly GroupTag[]): string => JSON.stringify(tags.map(tagText).toSorted());
const tagText = ({ key, value, propagateAtLaunch }: GroupTag): string =>
  JSON.stringify([key, value, propagateAtLaunch]);

/** Live tags in the program's words: its own list as long as it says the same. */
export function writtenTags(live: readonly GroupTag[], written: Value | undefined): Inputs[] {
  const visible = live.filter(({ key }) => !OWN_TAGS.includes(key));
  const mine = tagsFrom(written);
  const shown =
    textOfTags(mine) === textOfTags(visible) ? mine : visible.toSorted((a, b) => a.key.localeCompare(b.key));
  return shown.map((tag) => ({ ...tag }));
}

export function tagValue(live: { readonly tags: readonly GroupTag[] }, name: string): string | undefined {
  return live.tags.find(({ key }) => key === name)?.value;
}

interface TagSync {
  readonly live: { readonly name: string; readonly tags: readonly GroupTag[] };
  readonly olds: Value | undefined;
  readonly news: Value | undefined;
}

/** Smallest calls from the observed tags to the wanted ones; tags that we never set stay. Servers keep what they have. */
export async function syncGroupTags({ autoScaling }: CloudContext, { live, olds, news }: TagSync): Promise<void> {
  const wanted = tagsFrom(news);
  const there = new Set(live.tags.map(tagText));
  const ours = new Set(tagsFrom(olds).map(({ key }) => key));
  const isWanted = (key: string) => wanted.some((tag) => tag.key === key);
  const surplus = live.tags.filter(({ key }) => ours.has(key) && !isWanted(key));
  await autoScaling.deleteGroupTags(live.name, surplus);
  await autoScaling.setGroupTags(
    live.name,
    wanted.filter((tag) => !there.has(tagText(tag))),
  );
}
