import { action, RETURN_FALSE, RETURN_TRUE, TAG } from "./action.ts";
import { existingResource, taggableKind } from "./taggable.ts";
import { checkedTags, putTags } from "./tagRules.ts";

/** All or nothing; without a resource or a tag 200 and `return` false. Source: Corymbia/eucalyptus `tags/*.java`. */
export const createTags = action({
  name: "CreateTags",
  params: { ResourceId: ["string"], Tag: TAG },

  run(world, { ResourceId: ids, Tag }) {
    const tags = checkedTags(Tag);
    for (const id of ids) taggableKind(id);
    const resources = ids.map((id) => existingResource(world, id));
    if (resources.length === 0 || tags.length === 0) return RETURN_FALSE;
    putTags(world, resources, tags);
    return RETURN_TRUE;
  },
});
