import { mkdtempSync, rmSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EC2Client } from "@aws-sdk/client-ec2";
import { type Cloud, createLocalCloud } from "../cloud.ts";
import { cloudIdentity } from "../identity.ts";
import type { InstancePort, MachineDriver, MachineSpec, Route } from "../machine/driver.ts";
import { IMAGE_NAMES } from "../machine/images.ts";
import type { CloudMode, CloudVersion } from "../world/types.ts";

/** A driver that only remembers; starts and ends wait until the test lets them go. */
export class FakeDriver implements MachineDriver {
  readonly machines = new Map<string, MachineSpec>();
  readonly rebooted: string[] = [];
  ports: readonly InstancePort[] = [];
  startFailure: Error | undefined;
  hold: Promise<void> = Promise.resolve();

  async start(spec: MachineSpec): Promise<void> {
    await this.hold;
    if (this.startFailure) throw this.startFailure;
    this.machines.set(spec.instanceId, spec);
  }

  async end(instanceId: string): Promise<void> {
    await this.hold;
    this.machines.delete(instanceId);
  }

  async reboot(instanceId: string): Promise<void> {
    this.rebooted.push(instanceId);
  }

  async running(): Promise<readonly string[]> {
    return [...this.machines.keys()];
  }

  async guard(ports: readonly InstancePort[]): Promise<void> {
    this.ports = ports;
  }

  async console(instanceId: string): Promise<Buffer> {
    return Buffer.from(`console of ${instanceId}\n`);
  }
}

/** A cloud behind a real socket on the loopback address, with everything a test looks at. */
export interface TestCloud {
  readonly cloud: Cloud;
  readonly driver: FakeDriver;
  readonly endpoint: string;
  readonly ec2: EC2Client;
  readonly log: readonly string[];
  readonly settings: { now: Date | undefined };
  routes(): readonly Route[];
  /** Closes the cloud and opens another one on the same state. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export async function startTestCloud(mode: CloudMode = "vpc", version: CloudVersion = "5.1"): Promise<TestCloud> {
  const directory = mkdtempSync(join(tmpdir(), "local-cloud-"));
  const driver = new FakeDriver();
  const log: string[] = [];
  const settings: { now: Date | undefined } = { now: undefined };
  let routes: readonly Route[] = [];
  const make = () =>
    createLocalCloud({
      identity: cloudIdentity("local"),
      mode,
      version,
      driver,
      network: {
        apply: (next) => {
          routes = next;
        },
      },
      stateFile: join(directory, "state.json"),
      objectsDirectory: join(directory, "objects"),
      imageNames: IMAGE_NAMES,
      log: (line) => log.push(line),
      now: () => settings.now ?? new Date(),
      seed: "test",
    });
  let cloud = make();
  await cloud.start();
  const server = cloud.server((request, response) => cloud.handle(request, response)); // of the cloud that is now
  const endpoint = await listen(server);
  const ec2 = new EC2Client({
    endpoint: `${endpoint}/services/compute/`,
    region: "eucalyptus",
    credentials: cloud.credentials,
    maxAttempts: 1,
  });
  return {
    get cloud() {
      return cloud;
    },
    ...{ driver, endpoint, ec2, log, settings },
    routes: () => routes,
    async restart() {
      await cloud.close();
      cloud = make();
      await cloud.start();
    },
    async close() {
      ec2.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await cloud.close();
      rmSync(directory, { recursive: true });
    },
  };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Asks again until it holds; the reconciler acts after the answer. */
export async function eventually(claim: () => boolean | Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 1_500; attempt += 1) {
    if (await claim()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error("did not become true within 15 s");
}
