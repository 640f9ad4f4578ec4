import { serviceUrls } from "@planet/eucalyptus-client/serviceUrls";
import { Command } from "@pulumi/command/local/command.js";
import * as pulumi from "@pulumi/pulumi";
import type { Server } from "./server.ts";

/** How to ask the cloud for a console, beside the keys, which never are inputs. */
export interface ConsoleAccess {
  readonly endpoint: string;
  readonly region: string;
}

export interface ReadinessArgs extends ConsoleAccess {
  readonly server: Server;
  readonly release: string;
  readonly deadlineSeconds: number;
}

/**
 * Waits until that very server serves its release; what depends on this happens only then. A real resource: a
 * component whose output is an `apply` holds nothing back. It runs again for another server and for nothing else.
 */
export class Readiness extends pulumi.ComponentResource {
  readonly gate: pulumi.Resource;

  constructor(name: string, args: ReadinessArgs, opts?: pulumi.ComponentResourceOptions) {
    super("planet:index:Readiness", name, {}, opts);
    const { server, release, deadlineSeconds, endpoint, region } = args;
    this.gate = awaitRelease(this, `${name}-gate`, "readiness", {
      trigger: server.instanceId,
      environment: {
        PLANET_RELEASE: release,
        PLANET_DEADLINE: String(deadlineSeconds),
        PLANET_INSTANCE: server.instanceId,
        PLANET_PUBLIC_ADDRESS: server.publicAddress,
        PLANET_PRIVATE_ADDRESS: server.privateAddress,
        PLANET_EC2_URL: serviceUrls(endpoint).ec2,
        PLANET_REGION: region,
      },
      dependsOn: [server.instance],
    });
    this.registerOutputs({});
  }
}

/** A resource that runs awaitRelease.ts once for each value of its trigger. Its failure stops what depends on it. */
export function awaitRelease(
  parent: pulumi.Resource,
  name: string,
  verb: "readiness" | "served",
  how: {
    readonly trigger: pulumi.Input<string>;
    readonly environment: Record<string, pulumi.Input<string>>;
    readonly dependsOn: pulumi.Resource[];
  },
): pulumi.Resource {
  return new Command(
    name,
    { create: `node components/awaitRelease/main.ts ${verb}`, triggers: [how.trigger], environment: how.environment },
    {
      parent,
      dependsOn: how.dependsOn,
      // Another deadline or another checkout's path is no reason to ask a server that already serves. A replacement
      // takes the new values all the same: the engine checks it against the program's inputs, not the kept ones.
      ignoreChanges: ["create", "update", "environment"],
    },
  );
}
