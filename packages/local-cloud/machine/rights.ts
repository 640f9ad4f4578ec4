import { execFileSync } from "node:child_process";
import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What boots machines, and the Debian package each comes with. */
const PROGRAMS: Record<string, string> = {
  "systemd-nspawn": "systemd-container",
  mmdebstrap: "mmdebstrap",
  nft: "nftables",
  ip: "iproute2",
  sysctl: "procps",
  nsenter: "util-linux",
  flock: "util-linux",
  mount: "mount",
};

/** What is missing to boot machines here, in words; empty when nothing is. */
export function missingRights(): string[] {
  if (process.platform !== "linux")
    return ["Linux: machines are systemd-nspawn containers, so this needs a Linux machine or VM"];
  return [...missingRoot(), ...missingPrograms(), ...missingKernelParts()];
}

/** Root is needed to boot a machine and to enter one. */
export function missingRoot(): string[] {
  if (process.getuid?.() === 0) return [];
  try {
    execFileSync("sudo", ["-n", "true"], { stdio: "ignore" });
    return [];
  } catch {
    return ["root rights: run this as root, or run `sudo -v` here first, so that sudo asks no question"];
  }
}

function missingPrograms(): string[] {
  const folders = [...(process.env.PATH ?? "").split(":"), "/usr/sbin", "/sbin"];
  const isThere = (program: string): boolean => folders.some((folder) => isExecutable(join(folder, program)));
  return Object.entries(PROGRAMS)
    .filter(([program]) => !isThere(program))
    .map(([program, debianPackage]) => `the program ${program}: \`apt-get install ${debianPackage}\``);
}

function missingKernelParts(): string[] {
  const filesystems = readFileSync("/proc/filesystems", "utf8");
  const mounts = readFileSync("/proc/self/mountinfo", "utf8");
  return [
    ...(/\boverlay$/m.test(filesystems) || modprobe("overlay")
      ? []
      : ["the kernel's overlay filesystem: `modprobe overlay`"]),
    ...(read("/proc/sys/user/max_user_namespaces") === "0"
      ? ["user namespaces: `sysctl user.max_user_namespaces=10000`"]
      : []),
    ...(/ - cgroup2 /.test(mounts) ? [] : ["a mounted cgroup v2 hierarchy: `mount -t cgroup2 none /sys/fs/cgroup`"]),
  ];
}

function read(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, "utf8").trim() : undefined;
}

function modprobe(module: string): boolean {
  try {
    execFileSync(
      process.getuid?.() === 0 ? "modprobe" : "sudo",
      process.getuid?.() === 0 ? [module] : ["-n", "modprobe", module],
      { stdio: "ignore" },
    );
    return true;
  } catch {
    return false;
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
