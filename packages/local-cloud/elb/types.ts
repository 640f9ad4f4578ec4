export interface LoadBalancer {
  readonly name: string;
  readonly dnsName: string;
  readonly createdTime: string;
  readonly scheme: "internet-facing" | "internal";
  zones: readonly string[];
  readonly subnetIds: readonly string[];
  /** VPC only: what opens its ports. */
  groupIds: readonly string[];
  /** That of `groupIds` that the cloud made for it; it goes with it. */
  readonly ownGroupId: string | undefined;
  listeners: readonly Listener[];
  healthCheck: HealthCheck | undefined;
  /** Seconds, as given; the worker takes 1 to 3600. */
  idleTimeout: number;
  crossZone: boolean;
  accessLog: AccessLog;
  readonly tags: Map<string, string>;
  /** By instance id. */
  readonly registrations: Map<string, Registration>;
  /** Of the worker that is in service, or that last was. */
  workerAddress: string | undefined;
}

export interface Listener {
  readonly protocol: string;
  readonly loadBalancerPort: number;
  readonly instanceProtocol: string | undefined;
  readonly instancePort: number;
}

/** Times in seconds. */
export interface HealthCheck {
  readonly target: string;
  readonly interval: number;
  readonly timeout: number;
  readonly unhealthyThreshold: number;
  readonly healthyThreshold: number;
}

interface AccessLog {
  readonly enabled: boolean;
  readonly bucketName?: string;
  readonly emitInterval?: number;
  readonly bucketPrefix?: string;
}

interface Registration {
  readonly registeredAt: string;
  /** As the worker last said; absent until it has said something. */
  state?: ReportedState;
}

export type ReportedState = "InService" | "OutOfService";
