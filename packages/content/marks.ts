import { createHash } from "node:crypto";

/*
 * Marks of a planet: what a stack's things are called in its cloud and its state, for the program that makes them and the
 * command that finds them again. Another spelling orphans what an earlier version has made.
 */

const RELEASE_TAG = "planet:release";

type Tags = Readonly<Record<string, unknown>>;

/** What the stack's things begin with. */
const nameOf = (stack: string): string => `planet-${stack}`;

export function serverTags(stack: string, release: string): Record<string, string> {
  return { Name: nameOf(stack), [RELEASE_TAG]: release };
}

export function isServerOf(stack: string, tags: Tags): boolean {
  return tags.Name === nameOf(stack) && tags[RELEASE_TAG] !== undefined;
}

/** The release of a server by its tags; undefined when it has none. */
export function releaseOfTags(tags: Tags): string | undefined {
  const release = tags[RELEASE_TAG];
  return typeof release === "string" ? release : undefined;
}

/** Of the security group. A group's name is the provider's choice, so this says whose it is. */
export const groupDescription = (stack: string): string => `Planet of stack ${stack}`;

const KEY_DIGITS = 8;

/** Of the key pair that is made of a public key: another key is another name. */
export function keyPairName(stack: string, publicKey: string): string {
  return `${nameOf(stack)}-${createHash("sha256").update(publicKey).digest("hex").slice(0, KEY_DIGITS)}`;
}

export function isKeyPairOf(stack: string, keyName: string): boolean {
  const prefix = `${nameOf(stack)}-`;
  return keyName.startsWith(prefix) && /^[0-9a-f]{8}$/.test(keyName.slice(prefix.length));
}

/** Most that a load balancer's name may have. Source: Corymbia/eucalyptus `LoadBalancingService.java`. */
const BALANCER_NAME_CHARACTERS = 32;

/**
 * Of the load balancer, which may have letters, digits and hyphens, and whose case does not count: a stack's name with more gets
 * digits of its own.
 */
export function balancerName(stack: string): string {
  const plain = nameOf(stack)
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]/g, "-")
    .replace(/-+$/, "");
  if (plain === nameOf(stack) && plain.length <= BALANCER_NAME_CHARACTERS) return plain;
  const digits = createHash("sha256").update(stack).digest("hex").slice(0, 4);
  return `${plain.slice(0, BALANCER_NAME_CHARACTERS - 5).replace(/-+$/, "")}-${digits}`;
}

/** Logical name of the resource that waits until readers get a release at the elastic address. */
export const SERVED_RESOURCE = "address-served";

/** Likewise at the balancer's name. */
export const TRAFFIC_RESOURCE = "traffic-served";

/** Where the environment of that resource says which release. */
export const RELEASE_VARIABLE = "PLANET_RELEASE";
