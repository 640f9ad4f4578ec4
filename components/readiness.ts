import { serviceUrls } from "@planet/eucalyptus-client/serviceUrls";
import type { Instance } from "@pulumi/aws/ec2/instance.js";
import * as pulumi from "@pulumi/pulumi";
import { type CertificateTask, NO_HTTPS } from "./awaitRelease/certificate.ts";
import type { Planned } from "./awaitRelease/environment.ts";
import { readinessGate } from "./awaitRelease/gate.ts";

/** How to ask the cloud for a console, beside the keys, which never are inputs. */
interface ConsoleAccess {
  readonly endpoint: string;
  readonly region: string;
}

export interface ReadinessArgs extends ConsoleAccess {
  readonly server: Instance;
  readonly release: string;
  readonly deadlineSeconds: number;
  /** Absent without a host. */
  readonly certificate?: Planned<CertificateTask> | undefined;
}

/**
 * Waits until that very server serves its release; what depends on this happens only then. A real resource: a
 * component whose output is an `apply` holds nothing back. It runs again for another server and for nothing else.
 */
export class Readiness extends pulumi.ComponentResource {
  readonly gate: pulumi.Resource;

  constructor(name: string, args: ReadinessArgs, opts?: pulumi.ComponentResourceOptions) {
    super("planet:index:Readiness", name, {}, opts);
    const { server, release, deadlineSeconds, endpoint, region, certificate } = args;
    const task = {
      release,
      deadlineSeconds,
      instanceId: server.id,
      publicAddress: server.publicIp,
      privateAddress: server.privateIp,
      ec2Url: serviceUrls(endpoint).ec2,
      region,
      ...(certificate ?? NO_HTTPS),
    };
    const options = { parent: this, trigger: server.id, dependsOn: [server] };
    this.gate = readinessGate(`${name}-gate`, task, options);
    this.registerOutputs({});
  }
}
