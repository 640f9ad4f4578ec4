import type { CloudStatus } from "@planet/local-cloud";

/** What `planet cloud status` shows to people. */
export function describeCloud(status: CloudStatus): string {
  const { name, running, owner, pid, mode, driver, endpoint, ec2Url, s3Url, instances, addresses, logFile } = status;
  if (!running) return `cloud "${name}" does not run. Start it with \`npx planet cloud start\`.\n`;
  const lines = [
    `cloud "${name}" runs: mode ${mode}, driver ${driver}, process ${pid}, started from ${owner}`,
    `  endpoint  ${endpoint}`,
    `  EC2       ${ec2Url}`,
    `  S3        ${s3Url}`,
    `  log       ${logFile}`,
    ...instances.map(
      ({ instanceId, state, imageId, privateAddress, publicAddress }) =>
        `  instance  ${instanceId}  ${state.padEnd(13)} ${imageId}  ${privateAddress}${publicAddress ? `  ${publicAddress}` : ""}`,
    ),
    ...addresses.map(({ publicAddress, instanceId }) => `  address   ${publicAddress}  ${instanceId ?? "free"}`),
  ];
  return `${lines.join("\n")}\n`;
}
