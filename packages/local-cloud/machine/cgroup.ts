import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync } from "node:fs";
import { join } from "node:path";

/** Whether PID 1 is systemd (sd_booted(3)). */
export function isSystemdHost(): boolean {
  return existsSync("/run/systemd/system");
}

/**
 * Folders of the cgroup that a machine lives in on a host without systemd: in cgroup v2, and in v1's `name=systemd`
 * hierarchy where there is one. Without its own, two machines would share nspawn's `payload` group.
 */
export function cgroupFolders(
  machineName: string,
  mountInfo: string = readFileSync("/proc/self/mountinfo", "utf8"),
): string[] {
  return mountInfo.split("\n").flatMap((line) => {
    const [mount = "", filesystem = ""] = line.split(" - ");
    const [type, , options = ""] = filesystem.split(" ");
    const mountPoint = mount.split(" ")[4];
    const wanted = type === "cgroup2" || (type === "cgroup" && options.split(",").includes("name=systemd"));
    return wanted && mountPoint ? [join(mountPoint, machineName)] : [];
  });
}

export function makeCgroups(machineName: string): string[] {
  const folders = cgroupFolders(machineName);
  for (const folder of folders) mkdirSync(folder, { recursive: true });
  return folders;
}

export function removeCgroups(machineName: string): void {
  for (const folder of cgroupFolders(machineName)) removeTree(folder);
}

/** A cgroup is removed by rmdir from the leaves up; its files cannot be and need not be deleted. */
function removeTree(folder: string): void {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true }))
    if (entry.isDirectory()) removeTree(join(folder, entry.name));
  try {
    rmdirSync(folder);
  } catch {
    // Still busy for a moment after a kill; an empty cgroup costs nothing and the next machine of the cloud tries again.
  }
}
