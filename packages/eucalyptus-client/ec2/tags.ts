import type { Tag } from "@aws-sdk/client-ec2";
import { nothing } from "../http/nothing.ts";
import type { Send } from "./send.ts";

/** Per resource, all or nothing. Source: property `cloud.max_tags`. */
export const TAG_LIMIT = 50;

export function tagCalls(send: Send) {
  return {
    /** Adds and overwrites. The cloud answers 200 and `return` false when the account may not: that is an error here. */
    async createTags(resourceId: string, tags: Readonly<Record<string, string>>): Promise<void> {
      if (Object.keys(tags).length === 0) return;
      const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
      await send("CreateTags", (sdk) => new sdk.CreateTagsCommand({ Resources: [resourceId], Tags }), nothing);
    },

    /** Without keys nothing is deleted here (AWS would delete all). */
    async deleteTags(resourceId: string, keys: readonly string[]): Promise<void> {
      if (keys.length === 0) return;
      const Tags = keys.map((Key) => ({ Key }));
      await send("DeleteTags", (sdk) => new sdk.DeleteTagsCommand({ Resources: [resourceId], Tags }), nothing);
    },
  };
}

export function tagMap(tags: readonly Tag[] | undefined): Record<string, string> {
  return Object.fromEntries((tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));
}
