export interface NspawnSettings {
  /** `planet<index>-<instance id>`: nspawn's machine name, the network namespace and the cgroup. */
  readonly machineName: string;
  readonly root: string;
  readonly networkNamespaceFile: string;
  /** Whether this host's PID 1 is systemd: then it makes the scope, else we make the cgroup ourselves. */
  readonly systemdHost: boolean;
}

/**
 * One boot. Reasons for what is not plain:
 * - `read-only` console: nspawn itself copies the machine's /dev/console to our log file, so the log goes on when the daemon dies.
 * - SYSTEMD_NSPAWN_UNIFIED_HIERARCHY: Debian 13's systemd (257) refuses to boot on cgroup v1, which a host may still have.
 * - SYSTEMD_COLORS: the console log is read by people and by GetConsoleOutput.
 * - The network namespace is set up before the boot; CAP_NET_ADMIN because user-data may set up a firewall, as on a real instance.
 */
export function nspawnCommand(settings: NspawnSettings): { args: string[]; environment: Record<string, string> } {
  const { root, machineName, networkNamespaceFile, systemdHost } = settings;
  return {
    environment: { SYSTEMD_NSPAWN_UNIFIED_HIERARCHY: "1", SYSTEMD_LOG_LEVEL: "warning" },
    args: [
      "--quiet",
      "--boot",
      `--directory=${root}`,
      `--machine=${machineName}`,
      `--network-namespace-path=${networkNamespaceFile}`,
      "--capability=CAP_NET_ADMIN",
      "--register=no",
      ...(systemdHost ? [] : ["--keep-unit"]),
      "--resolv-conf=off",
      "--timezone=off",
      "--link-journal=no",
      "--console=read-only",
      "--setenv=SYSTEMD_COLORS=0",
      "--setenv=TERM=dumb",
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
