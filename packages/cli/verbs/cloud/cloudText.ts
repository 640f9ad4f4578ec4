import type { CloudStatus } from "@planet/local-cloud";
import { OperatorError } from "../../command.ts";
import { activeFaults } from "./fault.ts";
import { table } from "./table.ts";

/** What `planet cloud status` shows to people. @param all Also the servers that have ended, which a cloud lists for an hour. */
export function describeCloud(status: CloudStatus, all = false): string {
  const { name, running, owner, pid, mode, driver, endpoint, ec2Url, s3Url, logFile } = status;
  const nameIfOther = name === "local" ? "" : ` ${name}`;
  if (!running && status.other) return elsewhere(name, status.other);
  if (!running) return `cloud "${name}" does not run. Start it with \`npx planet cloud start${nameIfOther}\`.\n`;
  const facts = [
    ["checkout", owner],
    ["process", `${pid}, mode ${mode}, driver ${driver}`],
    [
      "loops",
      status.clockFactor === 1 ? "as fast as a real cloud's" : `${status.clockFactor} times faster than a real cloud's`,
    ],
    ["moves", `after ${status.moveDelayMs} ms, open connections are ${status.cutOnMove ? "cut" : "kept"}`],
    ["page", status.pageUrl],
    ["endpoint", endpoint],
    ["EC2", ec2Url],
    ["S3", s3Url],
    ["DNS", status.dns],
    ["keys", `npx planet cloud status --json${nameIfOther}`],
    ["log", logFile],
  ];
  const parts = [servers(status, all), addresses(status), balancers(status), activeFaults(status.faults)];
  return [
    `cloud "${name}" runs`,
    ...table(facts),
    ...parts.flatMap((part) => (part.length === 0 ? [] : ["", ...part])),
    "",
  ].join("\n");
}

function elsewhere(name: string, other: NonNullable<CloudStatus["other"]>): string {
  return [
    `cloud "${name}" of yours does not run, and cannot start: its addresses are in use by cloud "${other.name}"`,
    ...table([
      ["checkout", other.owner],
      ["state", other.directory],
    ]),
    "Stop that one, work as its user, or start one by another name: `npx planet cloud start <name>`.",
    "",
  ].join("\n");
}

/**
 * The server that is meant where nobody names one: the one that was launched last and has not ended.
 * @param consoles of a cloud that does not run, the one that last wrote first
 * @throws {OperatorError} `NO_CONSOLE`
 */
export function newestInstance(
  { instances, name, running }: CloudStatus,
  consoles: readonly string[],
): { readonly instanceId: string; readonly state: string } {
  const lives = instances.findLast(({ state }) => state === "pending" || state === "running");
  const [instanceId] = consoles;
  const found = running ? (lives ?? instances.at(-1)) : instanceId && { instanceId, state: "the last that wrote" };
  if (found) return found;
  throw new OperatorError({
    code: "NO_CONSOLE",
    what: `There is no console to show: cloud "${name}" has had no server yet.`,
    next: "A deploy makes one: `npm start` for the cloud `local`.",
  });
}

/** A cloud serves one checkout, and may be another one than this. */
export const whose = ({ name, owner }: CloudStatus): string =>
  owner === "" ? `"${name}"` : `"${name}", started from ${owner},`;

/** What a reset asks for. */
export function resetQuestion(status: CloudStatus): string {
  const { running, instances, addresses } = status;
  const living = instances.filter(({ state }) => state !== "terminated").length;
  const now = running ? ` (now ${living} ${living === 1 ? "server" : "servers"}, ${addresses.length} elastic)` : "";
  return `Delete cloud ${whose(status)} with its servers, addresses${now}, buckets, keys and logs?`;
}

function servers({ instances: every, name }: CloudStatus, all: boolean): string[] {
  const instances = all ? every : every.filter(({ state }) => state !== "terminated");
  const hidden = every.length - instances.length;
  const nameIfOther = name === "local" ? "" : ` ${name}`;
  const rest = hidden === 0 ? [] : [`  and ${hidden} terminated: npx planet cloud status --all${nameIfOther}`];
  if (instances.length === 0) return ["no servers", ...rest];
  const head = ["server", "state", "image", "type", "private", "public"];
  const rows = table([
    head,
    ...instances.map((instance) => {
      const { instanceId, state, imageId, instanceType, privateAddress, publicAddress = "-" } = instance;
      return [instanceId, state, imageId, instanceType, privateAddress, publicAddress];
    }),
  ]);
  return [...rows, ...rest];
}

function addresses({ addresses: all }: CloudStatus): string[] {
  if (all.length === 0) return ["no addresses"];
  return table([
    ["address", "leads to", "since"],
    ...all.map(({ publicAddress, instanceId = "nothing", associatedAt = "-" }) => [
      publicAddress,
      instanceId,
      associatedAt,
    ]),
  ]);
}

/** Nothing where there is none: most planets have one server. */
function balancers({ loadBalancers: all }: CloudStatus): string[] {
  if (all.length === 0) return [];
  return table([
    ["load balancer", "name", "worker at"],
    ...all.map(({ name, dnsName, address = "none yet" }) => [name, dnsName, address]),
  ]);
}
