import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { cgroupFolders } from "./cgroup.ts";
import { resolverText } from "./hostSettings.ts";
import { hostName, hostsText, nspawnCommand } from "./nspawnArguments.ts";
import { isAlive, markOf } from "./processes.ts";
import { FIRST_USER, shiftOwners } from "./userRange.ts";

describe("a machine's arguments", () => {
  const settings = {
    machineName: "planet0-i-1",
    root: "/state/machines/i-1/root",
  };

  test("on a host without systemd, nspawn runs where we put it", () => {
    expect(nspawnCommand({ ...settings, systemdHost: false }).args).toEqual([
      "--quiet",
      "--directory=/state/machines/i-1/root",
      "--machine=planet0-i-1",
      "--private-network",
      "--private-users=1878982656:65536",
      "--drop-capability=CAP_MKNOD,CAP_SYS_PTRACE",
      "--register=no",
      "--keep-unit",
      "--resolv-conf=off",
      "--timezone=off",
      "--link-journal=no",
      "--console=read-only",
      "--setenv=SYSTEMD_COLORS=0",
      "--setenv=TERM=dumb",
      "--kill-signal=SIGRTMIN+3",
      "/usr/bin/setpriv",
      "--pdeathsig",
      "KILL",
      "/bin/sh",
      "-c",
      'until [ "$(wc -l </proc/net/route)" -gt 1 ]; do sleep 0.02; done; exec /sbin/init',
    ]);
  });

  test("on a host with systemd, systemd makes the scope", () => {
    expect(nspawnCommand({ ...settings, systemdHost: true }).args).not.toContain("--keep-unit");
  });

  test("boots on cgroup v2, which Debian 13 insists on", () => {
    expect(nspawnCommand({ ...settings, systemdHost: true }).environment).toMatchObject({
      SYSTEMD_NSPAWN_UNIFIED_HIERARCHY: "1",
    });
  });

  test("is named as cloud images are, and knows the sample blogs", () => {
    expect(hostName("10.66.0.10")).toBe("ip-10-66-0-10");
    expect(hostsText("ip-10-66-0-10", "10.67.0.1", ["a.blogs.test"])).toContain("10.67.0.1 a.blogs.test\n");
  });
});

const asRoot = process.getuid?.() === 0 ? test : test.skip;

describe("the users of a machine's files", () => {
  asRoot("are shifted once, with the bits of programs that run as their owner; links are not followed", async () => {
    const folder = mkdtempSync(join(tmpdir(), "planet-users-"));
    const path = (name: string): string => join(folder, "root", name);
    mkdirSync(path("bin"), { recursive: true });
    writeFileSync(path("bin/su"), "");
    chownSync(path("bin/su"), 0, 8);
    chmodSync(path("bin/su"), 0o4755);
    writeFileSync(join(folder, "outside"), "");
    symlinkSync("../outside", path("link"));
    for (let times = 0; times < 2; times++) await shiftOwners(join(folder, "root"), 0, FIRST_USER);
    const { uid, gid, mode } = statSync(path("bin/su"));
    expect([uid, gid, mode & 0o7777]).toEqual([FIRST_USER, FIRST_USER + 8, 0o4755]);
    expect([lstatSync(path("link")).uid, statSync(path("bin")).uid]).toEqual([FIRST_USER, FIRST_USER]);
    expect(statSync(join(folder, "outside")).uid).toBe(0);
    await shiftOwners(join(folder, "root"), FIRST_USER, 0);
    expect(statSync(path("bin/su"))).toMatchObject({ uid: 0, gid: 8 });
    rmSync(folder, { recursive: true });
  });
});

describe("what the host is like", () => {
  test.each([
    {
      claim: "v1 with v2 beside it",
      mounts:
        "30 29 0:26 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,name=systemd\n31 29 0:27 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n32 29 0:28 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu",
      folders: ["/sys/fs/cgroup/systemd/m", "/sys/fs/cgroup/unified/m"],
    },
    {
      claim: "v2 alone",
      mounts: "30 29 0:26 / /sys/fs/cgroup rw shared:4 - cgroup2 cgroup2 rw",
      folders: ["/sys/fs/cgroup/m"],
    },
  ])("cgroups: $claim", ({ mounts, folders }) => expect(cgroupFolders("m", mounts)).toEqual(folders));

  test.each([
    {
      claim: "a resolver elsewhere is taken as it is",
      own: "nameserver 10.0.0.53\n",
      upstream: "nameserver 9.9.9.9\n",
      text: "nameserver 10.0.0.53\n",
    },
    {
      claim: "a resolver on the host's loopback is replaced by its upstream",
      own: "nameserver 127.0.0.53\n",
      upstream: "nameserver 9.9.9.9\n",
      text: "nameserver 9.9.9.9\n",
    },
    {
      claim: "without an upstream it stays",
      own: "nameserver 127.0.0.1\n",
      upstream: undefined,
      text: "nameserver 127.0.0.1\n",
    },
  ])("$claim", ({ own, upstream, text }) => {
    expect(resolverText((path) => (path === "/etc/resolv.conf" ? own : upstream))).toBe(text);
  });

  test("a process is known by id and start time", () => {
    const mark = markOf(process.pid);
    expect(mark && isAlive(mark)).toBe(true);
    expect(isAlive({ pid: process.pid, startTime: "1" })).toBe(false);
  });
});
