import { withoutGeneration } from "./generation.ts";
import { numberSetting } from "./numberSetting.ts";

/** Of the permit that the servers' memory is written with. Like the generation it never goes down. */
export const {
  read: readPermitNumber,
  set: setPermitNumber,
  without: withoutPermitNumber,
} = numberSetting("planet:permit");

/** Whether two stack files differ in nothing but the numbers that a rollback keeps. */
export function differOnlyInKept(one: string, other: string): boolean {
  const rest = (text: string) => withoutPermitNumber(withoutGeneration(text));
  return rest(one) === rest(other);
}
