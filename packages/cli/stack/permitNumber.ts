import { withoutGeneration } from "./generation.ts";
import { numberSetting } from "./numberSetting.ts";

/** The number of the permit that the servers' memory is written with. Like the generation it never goes down. */
const permit = numberSetting("planet:permit");
export const { read: readPermitNumber, set: setPermitNumber } = permit;

/** Whether two stack files differ in nothing but the numbers that a rollback keeps. */
export function differOnlyInKept(one: string, other: string): boolean {
  const rest = (text: string) => permit.without(withoutGeneration(text));
  return rest(one) === rest(other);
}
