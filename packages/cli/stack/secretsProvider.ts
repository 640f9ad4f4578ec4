import { record } from "../text/json.ts";
import { tryParseYaml } from "./yamlFile.ts";

/** Whether the secrets in a Pulumi.<stack>.yaml are encrypted with a passphrase. Another provider is named in the file. */
export function needsPassphrase(text: string): boolean {
  const { secretsprovider } = record(tryParseYaml(text)?.value);
  return typeof secretsprovider !== "string" || ["", "passphrase"].includes(secretsprovider);
}
