import { nothing } from "../http/nothing.ts";
import type { Send } from "./send.ts";

type Tags = Readonly<Record<string, string>>;

export function tagCalls(send: Send) {
  return {
    /** Empty also for a balancer that is not there. */
    describeTags: (balancer: string): Promise<Record<string, string>> =>
      send("DescribeTags", { LoadBalancerNames: [balancer] }, (result) => {
        const own = result.members("TagDescriptions").filter((of) => of.text("LoadBalancerName") === balancer);
        const tags = own.flatMap((description) => description.members("Tags"));
        return Object.fromEntries(tags.map((tag) => [tag.needed("Key"), tag.text("Value")]));
      }),

    /** Adds and overwrites. */
    async addTags(balancer: string, tags: Tags): Promise<void> {
      if (Object.keys(tags).length === 0) return;
      await send("AddTags", { LoadBalancerNames: [balancer], Tags: toWireTags(tags) }, nothing);
    },

    async removeTags(balancer: string, keys: readonly string[]): Promise<void> {
      if (keys.length === 0) return;
      await send("RemoveTags", { LoadBalancerNames: [balancer], Tags: keys.map((Key) => ({ Key })) }, nothing);
    },
  };
}

export const toWireTags = (tags: Tags) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
