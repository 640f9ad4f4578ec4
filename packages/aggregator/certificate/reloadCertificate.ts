import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { linkTarget, switchLink, writeAtomically } from "../files.ts";
import type { Run } from "../system/run.ts";
import { heldIn } from "./held.ts";
import type { Trouble } from "./lying.ts";
import type { CertificatePlaces } from "./places.ts";
import { certificateStatusFile, readReport } from "./report.ts";

/**
 * Ends a run, outside of its sandbox: nginx uses the certificate that was taken, or goes on with the one before if it does not want it.
 * A reload drops no connection: nginx' old workers finish theirs.
 */
export async function reloadCertificate(
  places: CertificatePlaces,
  { run, log }: { readonly run: Run; readonly log: (line: string) => void },
): Promise<void> {
  const trouble = await bringIntoEffect(places, run);
  if (trouble) log(`${trouble.code}: ${trouble.message}`);
  const report = await readReport(places.report);
  const troubles = [...report.troubles, ...(trouble ? [trouble] : [])];
  const status = certificateStatusFile({ ...report, troubles }, await heldIn(places.current));
  await writeAtomically(places.status, `${JSON.stringify(status)}\n`);
  await removeOthers(places);
}

async function bringIntoEffect(
  { current, next, nginx, nginxOn }: CertificatePlaces,
  run: Run,
): Promise<Trouble | undefined> {
  const [before, wanted] = [await linkTarget(current), await linkTarget(next)];
  if (wanted === undefined || (wanted === before && (await linkTarget(nginxOn)) === nginx)) return undefined;
  await switchLink(current, wanted);
  await switchLink(nginxOn, nginx);
  const tested = await run("nginx", ["-t", "-q"]);
  if (tested.code === 0) {
    const reloaded = await run("systemctl", ["reload", "nginx.service"]);
    return reloaded.code === 0
      ? undefined
      : { code: "nginx", message: `nginx was not reloaded: ${lastLine(reloaded.output)}` };
  }
  if (before === undefined) for (const link of [nginxOn, current]) await rm(link, { force: true });
  else await switchLink(current, before);
  await rm(next, { force: true });
  return { code: "nginx", message: `nginx does not take the new certificate: ${lastLine(tested.output)}` };
}

const lastLine = (output: string): string => output.trim().split("\n").at(-1)?.slice(0, 300) ?? "";

/** Folders of certificates that nothing points to any more. */
async function removeOthers({ tls, current, next }: CertificatePlaces): Promise<void> {
  const kept = new Set(["current", "next", await linkTarget(current), await linkTarget(next)]);
  const names = await readdir(tls).catch(() => []);
  for (const name of names) if (!kept.has(name)) await rm(join(tls, name), { recursive: true, force: true });
}
