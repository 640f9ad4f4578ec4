import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { type CloudStatus, cloudIdentity } from "@planet/local-cloud";
import type { GitProject } from "./gitProject.ts";
import { Pebble } from "./pebble.ts";
import { putPublic } from "./putPublic.ts";

const AUTHORITY = "pebble.example.org";
/** The one port of the host, beside the cloud's own, that machines reach: name servers' (packages/local-cloud/network/nft.ts). */
const PORT = 53;
const ROOT = "company.pem";
const STEP = '\nif [ -n "$PLANET_HOST" ]; then\n  step certificate\n';

/** Pebble where the machines of a cloud reach it. It reaches the cloud's public addresses, as everybody on this machine does. */
export async function startPebbleBeside(cloud: CloudStatus): Promise<Pebble> {
  const { endpointAddress, networkName } = cloudIdentity(cloud.name);
  // The cloud's own name server is at the endpoint. The address ends with the cloud's link.
  await promisify(execFile)("ip", ["address", "replace", `${nameServer(cloud)}/24`, "dev", networkName]);
  const pebble = await Pebble.start({
    name: AUTHORITY,
    directory: `${endpointAddress}:${PORT}`,
    dns: `${nameServer(cloud)}:${PORT}`,
    httpPort: 80,
  });
  await pebble.setName(AUTHORITY, endpointAddress);
  return pebble;
}

const nameServer = ({ name }: CloudStatus) => cloudIdentity(name).endpointAddress.replace(/\.1$/, ".53");

/** Servers of the project know Pebble's root and its name server, as those of a company know the company's, by its image. */
export async function trustPebble(project: GitProject, cloud: CloudStatus): Promise<void> {
  const lines = [
    `echo nameserver ${nameServer(cloud)} >/etc/resolv.conf`,
    `get -o /usr/local/share/ca-certificates/company.crt "$PLANET_BUCKET_URL/${ROOT}" && update-ca-certificates >/dev/null`,
  ];
  await project.edit("userdata/planet.sh", (text) => text.replace(STEP, (step) => `\n${lines.join("\n")}${step}`));
}

/** Where such servers find it: in the planet's bucket, before the first of them is made. */
export async function publishRoot(pebble: Pebble, cloud: CloudStatus): Promise<void> {
  await putPublic(cloud, "planet", ROOT, await readFile(pebble.rootFile));
}
