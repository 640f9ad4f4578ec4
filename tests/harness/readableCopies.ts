import type { CloudStatus } from "@planet/local-cloud";
import { inMachine } from "./machine.ts";

/**
 * Looks where copies of a server's user-data may lie: files, environments and arguments of processes, journal, kernel log, the
 * unit, the metadata service. Its own two arguments are halves, so that it does not find itself. What systemd hands to a
 * running unit as a credential is not looked at: that is the way on which the sync gets it.
 */
const SEARCH = String.raw`
pattern() { printf '%s\n' "$whole"; }
look() { name=$1; shift; "$@" 2>/dev/null | grep -qaF -f <(pattern) && echo "$name"; }
whole=$1$2
grep -rlaFs -D skip --exclude-dir=credentials -f <(pattern) /etc /var /run /opt /tmp /root /home /srv /boot \
  /proc/[0-9]*/environ /proc/[0-9]*/cmdline
look journal journalctl --no-pager
look unit systemctl show planet-sync.service
look dmesg dmesg
look metadata curl -s -m 5 http://169.254.169.254/latest/user-data
look metadata curl -s -m 5 -H "X-aws-ec2-metadata-token: $(curl -s -m 5 -X PUT \
  -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' http://169.254.169.254/latest/api/token)" http://169.254.169.254/latest/user-data
true`;

/** Places of a server in which a user of it finds a text, sorted. */
export async function placesOf(
  text: string,
  { cloud, instanceId, user }: { readonly cloud: CloudStatus; readonly instanceId: string; readonly user: string },
): Promise<string[]> {
  const halves = [text.slice(0, text.length / 2), text.slice(text.length / 2)];
  const command = ["runuser", "-u", user, "--", "bash", "-c", SEARCH, "search", ...halves];
  const found = await inMachine(cloud, instanceId, ...command);
  return [...new Set(found.split("\n").filter((line) => line !== ""))].toSorted();
}
