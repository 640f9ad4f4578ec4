import type { CloudStatus } from "@planet/local-cloud";

/** What `planet cloud status` shows to people. */
export function describeCloud(status: CloudStatus): string {
  const { name, running, owner, pid, mode, driver, endpoint, ec2Url, s3Url, logFile } = status;
  const nameIfOther = name === "local" ? "" : ` ${name}`;
  if (!running) return `cloud "${name}" does not run. Start it with \`npx planet cloud start${nameIfOther}\`.\n`;
  const facts = [
    ["checkout", owner],
    ["process", `${pid}, mode ${mode}, driver ${driver}`],
    ["moves", `after ${status.moveDelayMs} ms, open connections are ${status.cutOnMove ? "cut" : "kept"}`],
    ["endpoint", endpoint],
    ["EC2", ec2Url],
    ["S3", s3Url],
    ["keys", `npx planet cloud status --json${nameIfOther}`],
    ["log", logFile],
  ];
  return [`cloud "${name}" runs`, ...table(facts), "", ...servers(status), "", ...addresses(status), ""].join("\n");
}

function servers({ instances }: CloudStatus): string[] {
  if (instances.length === 0) return ["no servers"];
  const head = ["server", "state", "image", "type", "private", "public"];
  return table([
    head,
    ...instances.map((instance) => {
      const { instanceId, state, imageId, instanceType, privateAddress, publicAddress = "-" } = instance;
      return [instanceId, state, imageId, instanceType, privateAddress, publicAddress];
    }),
  ]);
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

/** Columns as wide as their widest cell. */
function table(rows: readonly (readonly string[])[]): string[] {
  const width = (column: number): number => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(width(column))).join("  ")}`.trimEnd());
}
