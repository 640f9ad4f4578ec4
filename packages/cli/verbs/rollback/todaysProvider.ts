import { isScalar, isSeq, type ParsedNode } from "yaml";
import { findEntry, replaceValue, tryParseYaml } from "../../stack/yamlFile.ts";

/**
 * Pulumi.yaml with the plugin `aws` of another folder; every other byte stays. The state was written by today's plugin,
 * so an earlier one must not read it. Undefined when the text names no folder for it. Pure.
 */
export function withProvider(text: string, folder: string): string | undefined {
  const plugins = findEntry(tryParseYaml(text)?.document.contents, "plugins")?.value;
  const providers = findEntry(plugins, "providers")?.value;
  if (!isSeq<ParsedNode>(providers)) return undefined;
  const aws = providers.items.find((item) => {
    const name = findEntry(item, "name")?.value;
    return isScalar(name) && name.value === "aws";
  });
  const path = findEntry(aws, "path")?.value;
  return isScalar(path) && path.value !== null ? replaceValue(text, path, JSON.stringify(folder)) : undefined;
}
