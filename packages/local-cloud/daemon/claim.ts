import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { CloudIdentity } from "../identity.ts";
import { LocalCloudError } from "../localCloudError.ts";
import { makeDirectory } from "../machine/caller.ts";
import { isAlive, type ProcessMark } from "../machine/processes.ts";

/** Who uses the addresses of an index on this machine: clouds of several users or names may meet in one. */
export interface Claim {
  readonly name: string;
  readonly owner: string;
  readonly directory: string;
  readonly process: ProcessMark;
}

const CLAIMS = "/run/planet-local-cloud";

/** @throws {LocalCloudError} when another cloud that is alive has the addresses. Callers are root. */
export function claimNetwork(identity: CloudIdentity, claim: Claim): void {
  const file = fileOf(identity);
  const other = claimIn(file);
  if (other && isAlive(other.process) && other.process.pid !== claim.process.pid) {
    throw new LocalCloudError(
      "OTHER_OWNER",
      `the addresses of cloud "${claim.name}" (10.66.${identity.index}.0/24) are in use by cloud "${other.name}" of ${other.owner}, ` +
        `state in ${other.directory}. Stop that one, or choose another name.`,
    );
  }
  makeDirectory(CLAIMS);
  writeFileSync(file, JSON.stringify(claim));
}

/** The cloud of another user or folder that has these addresses now; anybody may look. */
export function otherClaim(identity: CloudIdentity, directory: string): Claim | undefined {
  const claim = claimIn(fileOf(identity));
  return claim && claim.directory !== directory && isAlive(claim.process) ? claim : undefined;
}

function claimIn(file: string): Claim | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Claim) : undefined;
}

export function releaseNetwork(identity: CloudIdentity): void {
  rmSync(fileOf(identity), { force: true });
}

function fileOf({ networkName }: CloudIdentity): string {
  return `${CLAIMS}/${networkName}.json`;
}
