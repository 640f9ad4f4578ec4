import { createHash } from "node:crypto";

/** The service port of every Eucalyptus front end (Corymbia/eucalyptus `StackConfiguration.java`). */
const SERVICE_PORT = 8773;

/**
 * What follows from a cloud's name alone, so that a stack for it can be committed whole.
 * Two names may meet in one index (1 in 250): starting the second then fails, because its addresses are taken.
 */
export interface CloudIdentity {
  readonly name: string;
  /** 0 for `local`, else 1–250. The third octet of each network below. */
  readonly index: number;
  /** Host end of the veth pair: EC2, S3 and the sample blogs listen here, host and instances reach it. */
  readonly endpointAddress: string;
  /** Namespace end of the veth pair. */
  readonly routerAddress: string;
  /** `http://<endpointAddress>:8773` */
  readonly endpoint: string;
  readonly ec2Url: string;
  readonly s3Url: string;
  /** Gateway of the instances, `10.66.<index>.1`; instances get `.10`–`.250`. */
  readonly gatewayAddress: string;
  /** `127.66.<index>`; public addresses are `.10`–`.250`. */
  readonly publicPrefix: string;
  /** `10.66.<index>` */
  readonly privatePrefix: string;
  /** Name of the network namespace and prefix of all links, at most 11 characters. */
  readonly networkName: string;
}

/** @throws {RangeError} when the name is not 1–20 characters of `a-z`, `0-9` and `-`, starting with a letter. */
export function cloudIdentity(name: string): CloudIdentity {
  if (!/^[a-z][a-z0-9-]{0,19}$/.test(name)) {
    throw new RangeError(`cloud name "${name}" must be 1-20 characters of a-z, 0-9 and -, and start with a letter`);
  }
  const index = name === "local" ? 0 : 1 + (createHash("sha256").update(name).digest().readUInt16BE(0) % 250);
  const endpointAddress = `10.67.${index}.1`;
  const endpoint = `http://${endpointAddress}:${SERVICE_PORT}`;
  return {
    name,
    index,
    endpointAddress,
    routerAddress: `10.67.${index}.2`,
    endpoint,
    ec2Url: `${endpoint}/services/compute/`,
    s3Url: `${endpoint}/services/objectstorage/`,
    gatewayAddress: `10.66.${index}.1`,
    publicPrefix: `127.66.${index}`,
    privatePrefix: `10.66.${index}`,
    networkName: `planet${index}`,
  };
}

/**
 * The same cloud without a network of its own (driver `none`, which needs no root): everybody on this machine reaches
 * `127.66.<index>.1`, so that is its endpoint.
 */
export function withoutNetwork(identity: CloudIdentity): CloudIdentity {
  const endpointAddress = `${identity.publicPrefix}.1`;
  const endpoint = `http://${endpointAddress}:${SERVICE_PORT}`;
  return {
    ...identity,
    endpointAddress,
    endpoint,
    ec2Url: `${endpoint}/services/compute/`,
    s3Url: `${endpoint}/services/objectstorage/`,
  };
}
