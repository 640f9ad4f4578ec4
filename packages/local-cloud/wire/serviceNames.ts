import type { Service } from "../faults/answerFaults.ts";
import { DNS_DOMAIN } from "../world/world.ts";

/** Names of the services below the cloud's domain. Source: Corymbia/eucalyptus `@PublicService` names of each `*Service.java`. */
const SERVICE_NAMES = {
  autoscaling: "autoscaling",
  compute: "ec2",
  ec2: "ec2",
  elasticloadbalancing: "elb",
  loadbalancing: "elb",
  objectstorage: "s3",
  s3: "s3",
  walrus: "s3",
  sts: "sts",
  tokens: "sts",
} as const;

/** The service whose DNS name a Host header has; the endpoint then needs no path. */
export function serviceOfHost(host: string): Service | undefined {
  const [label = "", ...domain] = host.replace(/:\d+$/, "").toLowerCase().split(".");
  if (domain.join(".") !== DNS_DOMAIN || !Object.hasOwn(SERVICE_NAMES, label)) return undefined;
  return SERVICE_NAMES[label as keyof typeof SERVICE_NAMES];
}
