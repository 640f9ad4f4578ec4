import { isPlanetsOwn, type Manifest, parseManifest, sha256Of } from "@planet/content";
import { input, type Preview, type Step } from "./previewJson.ts";

const OBJECT = /^aws:s3\/bucketObject(v2)?:/;
const IMMUTABLE = /^objects\/[0-9a-f]{64}$/;

export const isObject = ({ type }: Step): boolean => OBJECT.test(type);

export const keyOf = ({ before, after }: Step): string => input(after, "key") ?? input(before, "key") ?? "";

/** Steps of live names: what an operator sees in the bucket, without the objects that bucket and planet keep for themselves. */
export function liveSteps({ steps }: Preview): Step[] {
  return steps.filter((step) => {
    const key = keyOf(step);
    return isObject(step) && key !== "" && key !== "manifest.json" && !IMMUTABLE.test(key) && !isPlanetsOwn(key);
  });
}

/** Every text that the steps carry, by its hash: each content file is there at least once as an object's content. */
export function textsByHash({ steps }: Preview): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const step of steps.filter(isObject)) {
    for (const state of [step.before, step.after]) {
      const content = input(state, "content");
      if (content !== undefined) texts.set(sha256Of(content), content);
    }
  }
  return texts;
}

/** The manifest as the state has it and as it will be; both undefined when it does not change. */
export function manifests({ steps }: Preview): { before?: Manifest; after?: Manifest } {
  const step = steps.find((each) => isObject(each) && keyOf(each) === "manifest.json");
  const [before, after] = [step?.before, step?.after].map((state) => readManifest(input(state, "content")));
  return { ...(before && { before }), ...(after && { after }) };
}

/** A manifest of a newer program is a file like any other. */
function readManifest(text: string | undefined): Manifest | undefined {
  if (text === undefined) return undefined;
  try {
    return parseManifest(text);
  } catch {
    return undefined;
  }
}
