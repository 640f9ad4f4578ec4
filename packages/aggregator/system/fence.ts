import { METADATA } from "./metadata.ts";
import type { Run } from "./run.ts";

/**
 * The fence: no feed's URL may lead to the metadata service, and so to the user-data. The sync's unit says so (`IPAddressDeny`), but
 * where systemd has no BPF, as in a container, it ignores that without a word. So try it; if need be, the firewall does it.
 */
export interface FenceTools {
  readonly run: Run;
  /** Empty where there is no metadata service. */
  readonly instanceId: () => Promise<string>;
  readonly write: (path: string, text: string) => Promise<unknown>;
  readonly pause: (milliseconds: number) => Promise<void>;
  readonly say: (line: string) => void;
}

const UNIT = "planet-fence.service";
const UNIT_TEXT = `\
[Unit]
Before=planet-sync.service
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStartPre=-/usr/sbin/nft delete table inet planet
ExecStart=/usr/sbin/nft 'table inet planet { chain output { type filter hook output priority filter; \\
 meta skuid planet ip daddr 169.254.0.0/16 reject; meta skuid planet ip6 daddr fe80::/10 reject; }; }'
[Install]
WantedBy=multi-user.target
`;

const IN_A_UNIT = ["-q", "--wait", "--pipe", "--collect", "-p", "User=planet", "-p", "IPAddressDeny=169.254.0.0/16"];

/** @returns whether the sync's user is kept away from the metadata service. */
export async function fence(tools: FenceTools): Promise<boolean> {
  const { run, instanceId, say } = tools;
  if ((await instanceId()) === "") {
    say("ok no metadata service");
    return true;
  }
  if (await isDenied(run, "systemd-run", IN_A_UNIT)) {
    say("ok");
    return true;
  }
  say("degraded: IPAddressDeny has no effect on this server, using nftables");
  if (!(await fenceByUser(tools)) || !(await isDenied(run, "runuser", ["-u", "planet", "--"]))) return false;
  say("ok by nftables");
  return true;
}

/** Whether the program, which runs another as the sync's user, runs it without access: a failure of its own proves nothing. */
async function isDenied(run: Run, program: string, args: readonly string[]): Promise<boolean> {
  const ask = `curl -s --noproxy '*' -m 3 -o /dev/null ${METADATA}/ || echo denied`;
  return (await run(program, [...args, "sh", "-c", ask])).stdout.trim() === "denied";
}

async function fenceByUser({ run, write, pause }: FenceTools): Promise<boolean> {
  const succeeds = async (program: string, ...args: string[]) => (await run(program, args)).code === 0;
  if (!(await succeeds("nft", "--version")) && !(await installNftables(run, pause))) return false;
  await write(`/etc/systemd/system/${UNIT}`, UNIT_TEXT);
  return (
    (await succeeds("systemctl", "daemon-reload")) &&
    (await succeeds("systemctl", "enable", "-q", UNIT)) &&
    (await succeeds("systemctl", "restart", UNIT))
  );
}

const APT = ["-qq", "-y", "--no-install-recommends", "-o", "Acquire::Retries=3", "-o", "DPkg::Lock::Timeout=600"];

async function installNftables(run: Run, pause: FenceTools["pause"], tries = 3): Promise<boolean> {
  if ((await run("apt-get", [...APT, "install", "nftables"], 900_000)).code === 0) return true;
  if (tries === 1) return false;
  await pause(15_000);
  return installNftables(run, pause, tries - 1);
}
