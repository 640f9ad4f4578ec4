import { TAG_LIMIT } from "@planet/eucalyptus-client";
import { COMPLETE_TAG, REPLACES_TAG, STACK_TAG } from "@planet/eucalyptus-client/marks";
import { isMap, type Value } from "@planet/pulumi-plugin";
import type { CloudContext } from "../cloudContext.ts";
import { type InputRule, stringMap } from "./inputRule.ts";

/** Tags of the provider's own: never shown, and not to be set by a program. */
const OWN_TAGS = [COMPLETE_TAG, REPLACES_TAG, STACK_TAG];

/** Source of the limits: Corymbia/eucalyptus `TagManager.java`. */
const KEY_LIMIT = 127;
const VALUE_LIMIT = 255;

/** Tags of a resource that the cloud can tag. */
export const tags: InputRule = stringMap({ problem: problemWithTags });

function problemWithTags(value: Value): string | undefined {
  const entries = Object.entries(textMap(value));
  const limit = TAG_LIMIT - OWN_TAGS.length;
  if (entries.length > limit) return `has ${entries.length} tags, ${limit} are possible`;
  for (const [key, text] of entries) {
    if (key === "" || key.length > KEY_LIMIT)
      return `has a key of ${key.length} characters, possible are 1 to ${KEY_LIMIT}`;
    if (/^(aws|euca):/.test(key) || OWN_TAGS.includes(key))
      return `has the key "${key}", which is reserved; choose another`;
    if (text.length > VALUE_LIMIT) return `"${key}" has ${text.length} characters, ${VALUE_LIMIT} are possible`;
    if (key.trim() !== key || text.trim() !== text)
      return `"${key}" begins or ends with a blank, which the cloud removes`;
  }
  return undefined;
}

/** A value that a rule has accepted as a map of texts; an absent one is empty. */
export function textMap(value: Value | undefined): Record<string, string> {
  if (!isMap(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}

/** What a user may see of a resource's tags. */
export function visibleTags(live: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(live).filter(([key]) => !OWN_TAGS.includes(key)));
}

interface TagFacts {
  readonly live: Readonly<Record<string, string>>;
  readonly olds: Value | undefined;
  readonly news: Value | undefined;
}

/** The smallest change from the observed tags to the wanted ones; tags that we never set stay. */
export function tagChanges({ live, olds, news }: TagFacts) {
  const wanted = textMap(news);
  const changed = Object.entries(wanted).filter(([key, value]) => live[key] !== value);
  return {
    surplus: Object.keys(textMap(olds)).filter((key) => !(key in wanted) && key in live),
    changed: Object.fromEntries(changed),
  };
}

/** Of what EC2 can tag. */
export async function syncTags({ ec2 }: CloudContext, id: string, facts: TagFacts): Promise<void> {
  const { surplus, changed } = tagChanges(facts);
  await ec2.deleteTags(id, surplus);
  await ec2.createTags(id, changed);
}
