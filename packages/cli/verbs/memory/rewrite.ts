import type { Context } from "../../command.ts";
import type { MemoryPlace } from "./place.ts";
import { leftAlone, objects, walk } from "./walk.ts";

type Rewriting =
  | { readonly what: "keep" | "delete" | "leave" }
  | { readonly what: "write"; readonly bytes: Uint8Array };

/** Reads each object, and writes or deletes it as the rule says. Killed at any moment, it can be repeated. */
export async function rewriteAll(
  place: MemoryPlace,
  rule: (name: string, bytes: Uint8Array) => Rewriting,
  context: Context,
): Promise<void> {
  const { store, prefix } = place;
  let [written, deleted] = [0, 0];
  const left: string[] = [];
  const { count, tooLarge } = await walk(
    place,
    async ({ key, name, bytes }) => {
      const to = rule(name, bytes);
      if (to.what === "leave") left.push(key);
      if (to.what === "write") {
        await store.write(key, to.bytes);
        written += 1;
      }
      if (to.what === "delete") {
        await store.remove(key);
        deleted += 1;
      }
    },
    context,
  );
  context.out(`${prefix}: ${objects(count)}, ${written} rewritten, ${deleted} deleted.\n`);
  context.err(leftAlone([...tooLarge, ...left]));
}
