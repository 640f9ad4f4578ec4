import { queryAction } from "../wire/queryAction.ts";
import type { XmlNode } from "../wire/xml.ts";
import { invalidConfiguration } from "./errors.ts";
import { balancerNamed, checkZones } from "./shared.ts";
import type { LoadBalancer } from "./types.ts";

/** Draining is accepted and never done: every answer says `false`. */
export const modifyLoadBalancerAttributes = queryAction({
  name: "ModifyLoadBalancerAttributes",
  basis: "observed",
  params: {
    LoadBalancerName: "string",
    LoadBalancerAttributes: {
      ConnectionSettings: { IdleTimeout: "int?" },
      CrossZoneLoadBalancing: { Enabled: "boolean?" },
      AccessLog: { Enabled: "boolean?", S3BucketName: "string?", EmitInterval: "int?", S3BucketPrefix: "string?" },
    },
  },
  needs: ["LoadBalancerAttributes"],

  run(world, { LoadBalancerName, LoadBalancerAttributes: given }) {
    const balancer = balancerNamed(world, LoadBalancerName);
    balancer.idleTimeout = given?.ConnectionSettings?.IdleTimeout ?? balancer.idleTimeout;
    balancer.crossZone = given?.CrossZoneLoadBalancing?.Enabled ?? balancer.crossZone;
    const { Enabled, S3BucketName, EmitInterval, S3BucketPrefix } = given?.AccessLog ?? {};
    if (EmitInterval !== undefined && (EmitInterval < 5 || EmitInterval > 60)) {
      throw invalidConfiguration("Access log's emit interval must be between 5 and 60 minutes");
    }
    if (Enabled !== undefined) {
      balancer.accessLog = {
        enabled: Enabled,
        ...(S3BucketName !== undefined && { bucketName: S3BucketName }),
        ...(EmitInterval !== undefined && { emitInterval: EmitInterval }),
        ...(S3BucketPrefix !== undefined && { bucketPrefix: S3BucketPrefix }),
      };
    }
    return attributesItem(balancer);
  },
});

export const describeLoadBalancerAttributes = queryAction({
  name: "DescribeLoadBalancerAttributes",
  basis: "observed",
  params: { LoadBalancerName: "string" },

  run: (world, { LoadBalancerName }) => attributesItem(balancerNamed(world, LoadBalancerName)),
});

const attributesItem = ({ crossZone, accessLog, idleTimeout }: LoadBalancer): XmlNode => ({
  LoadBalancerAttributes: {
    CrossZoneLoadBalancing: { Enabled: crossZone },
    AccessLog: {
      Enabled: accessLog.enabled,
      S3BucketName: accessLog.bucketName,
      EmitInterval: accessLog.emitInterval,
      S3BucketPrefix: accessLog.bucketPrefix,
    },
    ConnectionDraining: { Enabled: false },
    ConnectionSettings: { IdleTimeout: idleTimeout },
  },
});

export const enableAvailabilityZones = queryAction({
  name: "EnableAvailabilityZonesForLoadBalancer",
  basis: "observed",
  params: { LoadBalancerName: "string", AvailabilityZones: ["string"] },
  needs: ["AvailabilityZones"],

  run(world, { LoadBalancerName, AvailabilityZones }) {
    const balancer = balancerNamed(world, LoadBalancerName);
    checkZones(AvailabilityZones);
    balancer.zones = [...new Set([...balancer.zones, ...AvailabilityZones])];
    return { AvailabilityZones: balancer.zones };
  },
});

export const disableAvailabilityZones = queryAction({
  name: "DisableAvailabilityZonesForLoadBalancer",
  basis: "observed",
  params: { LoadBalancerName: "string", AvailabilityZones: ["string"] },
  needs: ["AvailabilityZones"],

  run(world, { LoadBalancerName, AvailabilityZones }) {
    const balancer = balancerNamed(world, LoadBalancerName);
    const remaining = balancer.zones.filter((zone) => !AvailabilityZones.includes(zone));
    if (remaining.length === 0) throw invalidConfiguration("There must be at least one availability zone");
    balancer.zones = remaining;
    return { AvailabilityZones: remaining };
  },
});
