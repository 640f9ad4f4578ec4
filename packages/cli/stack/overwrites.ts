import { isDeepStrictEqual } from "node:util";
import { isMap, Scalar } from "yaml";
import { record } from "../text/json.ts";
import { parseYaml, StackFileError } from "./yamlFile.ts";

/** The namespace may be left out in a stack's file. */
const KEYS = ["planet:overwrite", "overwrite"];

/**
 * A stack's file with other entries in `planet:overwrite`: eight digits for each file whose edit a deploy may replace;
 * undefined where the entry goes. Every other value stays what it is; `pulumi config set` would turn all numbers into texts.
 * @throws {StackFileError} when the file cannot be edited so.
 */
export function changeOverwrites(text: string, changes: Readonly<Record<string, string | undefined>>): string {
  const { document, value } = parseYaml(text);
  const before = record(record(value).config);
  const key = KEYS.find((name) => Object.hasOwn(before, name)) ?? "planet:overwrite";
  const entries = Object.entries({ ...record(before[key]), ...changes }).filter(([, digits]) => digits !== undefined);
  if (!isMap(document.get("config"))) document.set("config", document.createNode({}));
  for (const [name, digits] of Object.entries(changes)) {
    if (digits === undefined) document.deleteIn(["config", key, name]);
    else document.setIn(["config", key, name], quoted(digits));
  }
  if (entries.length === 0) document.deleteIn(["config", key]);
  const written = document.toString({ lineWidth: 0 });
  const { [key]: _, ...others } = before;
  const wanted = entries.length === 0 ? others : { ...others, [key]: Object.fromEntries(entries) };
  if (isDeepStrictEqual(record(record(parseYaml(written).value).config), wanted)) return written;
  throw new StackFileError({ code: "OVERWRITE_LAYOUT", what: "its settings cannot be edited by a program" });
}

/** Eight digits may look like a number: `12345678`, `1234e567`. */
function quoted(digits: string): Scalar {
  const scalar = new Scalar(digits);
  scalar.type = Scalar.QUOTE_DOUBLE;
  return scalar;
}
