import { TRAFFIC_RESOURCE } from "@planet/content/marks";
import { serviceUrls } from "@planet/eucalyptus-client/serviceUrls";
import { Attachment } from "@pulumi/aws/autoscaling/attachment.js";
import type { Group } from "@pulumi/aws/autoscaling/group.js";
import * as pulumi from "@pulumi/pulumi";
import { type CertificateTask, NO_HTTPS } from "./awaitRelease/certificate.ts";
import type { Planned } from "./awaitRelease/environment.ts";
import { membersGate, trafficGate } from "./awaitRelease/gate.ts";
import type { Balancer } from "./balancer.ts";

export interface TrafficArgs {
  readonly group: Group;
  readonly balancer: Balancer;
  readonly count: number;
  readonly release: string;
  readonly deadlineSeconds: number;
  readonly endpoint: string;
  readonly region: string;
  /** Absent without a host. */
  readonly certificate?: Planned<CertificateTask> | undefined;
}

/**
 * The way of readers to a group's servers. Every server shows its release at its own address before one of them gets a reader; the
 * attachment then puts them into the balancer, beside the old ones; `served` sees them on each of the balancer's addresses. Only
 * then the old attachment is deleted, which takes the old servers out and lets their last readers leave, and after it they
 * themselves. What fails, or is killed, before that leaves both or the old ones in service.
 */
export class Traffic extends pulumi.ComponentResource {
  /** Done when readers get the release wherever the balancer's name leads to. */
  readonly served: pulumi.Resource;

  constructor(name: string, args: TrafficArgs, opts: pulumi.ComponentResourceOptions) {
    super("planet:index:Traffic", name, {}, opts);
    const { group, balancer, count, release, deadlineSeconds, endpoint, region } = args;
    const certificate = args.certificate ?? NO_HTTPS;
    const { autoscaling: autoScalingUrl, ec2: ec2Url } = serviceUrls(endpoint);
    const members = { release, deadlineSeconds, group: group.name, autoScalingUrl, ec2Url, region, ...certificate };
    const gate = membersGate(`${name}-gate`, members, { parent: this, trigger: group.id, dependsOn: [group] });
    const attachment = new Attachment(
      `${name}-${release}`,
      { autoscalingGroupName: group.name, elb: balancer.balancer },
      { parent: this, dependsOn: [gate] },
    );
    const asked = { dnsName: balancer.dnsName, nameServer: new URL(endpoint).hostname };
    const task = { release, deadlineSeconds, count, ...asked, ...certificate };
    const options = { parent: this, trigger: attachment.id, dependsOn: [attachment] };
    this.served = trafficGate(TRAFFIC_RESOURCE, task, options);
    this.registerOutputs({});
  }
}
