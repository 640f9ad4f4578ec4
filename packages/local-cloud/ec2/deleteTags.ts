import { action, RETURN_FALSE, RETURN_TRUE, TAG } from "./action.ts";
import { invalidParameterValue } from "./errors.ts";
import { taggableKind } from "./taggable.ts";
import { isReserved } from "./tagRules.ts";

/** Unknown resources and tags are ignored; a value given must be equal; no tag given deletes none. Source: Corymbia/eucalyptus `tags/*.java`. */
export const deleteTags = action({
  name: "DeleteTags",
  params: { ResourceId: ["string"], Tag: TAG },

  run(world, { ResourceId: ids, Tag: tags }) {
    for (const { Key = "" } of tags) {
      if (Key === "" || Key.trim().length > 128 || isReserved(Key)) {
        const rule = "max length 128, must not be empty, reserved prefixes [aws:, euca:]";
        throw invalidParameterValue(`Invalid key (${rule}): ${Key}`);
      }
    }
    if (ids.length === 0) return RETURN_FALSE;
    for (const id of ids) taggableKind(id);
    for (const id of ids) {
      const present = world.state.tags.get(id.toLowerCase());
      for (const { Key = "", Value } of tags) {
        if (present && (Value === undefined || present.get(Key) === Value)) present.delete(Key);
      }
    }
    return RETURN_TRUE;
  },
});
