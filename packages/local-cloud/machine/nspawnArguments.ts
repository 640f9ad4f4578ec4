import { FIRST_USER, USER_COUNT } from "./userRange.ts";

export interface NspawnSettings {
  /** `planet<index>-<instance id>`: nspawn's machine name and the cgroup. */
  readonly machineName: string;
  readonly root: string;
  /** Whether this host's PID 1 is systemd: then it makes the scope, else we make the cgroup ourselves. */
  readonly systemdHost: boolean;
}

/** Becomes the init when it has its network: a route besides the headline. */
const INIT = 'until [ "$(wc -l </proc/net/route)" -gt 1 ]; do sleep 0.02; done; exec /sbin/init';

/**
 * One boot. Reasons for what is not plain:
 * - `read-only` console: nspawn itself copies the machine's /dev/console to our log file, so the log goes on when the daemon dies.
 * - SYSTEMD_NSPAWN_UNIFIED_HIERARCHY: Debian 13's systemd (257) refuses to boot on cgroup v1, which a host may still have.
 * - SYSTEMD_COLORS: the console log is read by people and by GetConsoleOutput.
 * - Root inside is nobody on the host: it cannot write the kernel's settings, and owns nothing outside. Its network namespace is
 *   nspawn's own, because only one that is made inside may have a firewall of its own, as a real instance has. So `eth0` comes after
 *   the start, from outside, and the init waits for it.
 * - Nothing in a machine makes device nodes, or looks into processes of other users.
 */
export function nspawnCommand(settings: NspawnSettings): { args: string[]; environment: Record<string, string> } {
  const { root, machineName, systemdHost } = settings;
  return {
    environment: { SYSTEMD_NSPAWN_UNIFIED_HIERARCHY: "1", SYSTEMD_LOG_LEVEL: "warning" },
    args: [
      "--quiet",
      `--directory=${root}`,
      `--machine=${machineName}`,
      "--private-network",
      `--private-users=${FIRST_USER}:${USER_COUNT}`,
      "--drop-capability=CAP_MKNOD,CAP_SYS_PTRACE",
      "--register=no",
      ...(systemdHost ? [] : ["--keep-unit"]),
      "--resolv-conf=off",
      "--timezone=off",
      "--link-journal=no",
      "--console=read-only",
      "--setenv=SYSTEMD_COLORS=0",
      "--setenv=TERM=dumb",
      "--kill-signal=SIGRTMIN+3", // systemd(1): an orderly halt, as for --boot
      // nspawn asks for it too, but a change of user, here to the machine's root, takes it back (prctl(2), PR_SET_PDEATHSIG).
      ...["/usr/bin/setpriv", "--pdeathsig", "KILL"],
      ...["/bin/sh", "-c", INIT],
    ],
  };
}

/** As cloud images name themselves: `ip-10-66-0-10`. */
export function hostName(privateAddress: string): string {
  return `ip-${privateAddress.replaceAll(".", "-")}`;
}

/** Text for /etc/hosts; `names` lead to `address` (the sample blogs). */
export function hostsText(name: string, address: string, names: readonly string[]): string {
  return [
    `127.0.0.1 localhost`,
    `127.0.1.1 ${name}`,
    `::1 localhost ip6-localhost`,
    ...names.map((blog) => `${address} ${blog}`),
    "",
  ].join("\n");
}
