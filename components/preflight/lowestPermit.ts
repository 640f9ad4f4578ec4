import type { ReadLive } from "@planet/content/live";
import { FOLDER_MARKS } from "@planet/eucalyptus-client/marks";
import { RefusedDeploy } from "../../settings/refusedDeploy.ts";

/** Where the bucket says which permit its servers have; it ends with the bucket. */
export const PERMIT_RECORD = `${FOLDER_MARKS}permit`;

/**
 * A permit that was raised has withdrawn those before, so the setting never goes down: not by a revert, and not in the next
 * stack of a bucket that was kept.
 * @throws {RefusedDeploy} `PERMIT_LOWERED`
 */
export async function checkPermit(permit: number, read: ReadLive): Promise<void> {
  const record = await read(PERMIT_RECORD);
  const before = record.state === "present" ? Number(Buffer.from(record.bytes).toString("utf8")) : 0;
  if (!(before > permit)) return;
  throw new RefusedDeploy({
    code: "PERMIT_LOWERED",
    what: `planet:permit is ${permit}, and this bucket's servers have had ${before}`,
    why: "Whoever raised it has withdrawn the permits before.",
    next: `\`npx pulumi config set planet:permit ${before}\`, or more for an empty memory. Nothing was changed.`,
  });
}
