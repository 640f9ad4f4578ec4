import { numberSetting } from "./numberSetting.ts";
import { StackFileError } from "./yamlFile.ts";

export { StackFileError };

export const {
  read: readGeneration,
  set: setGeneration,
  without: withoutGeneration,
} = numberSetting("planet:generation");

export const differOnlyInGeneration = (one: string, other: string): boolean =>
  withoutGeneration(one) === withoutGeneration(other);
