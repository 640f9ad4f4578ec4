import type { CloudVersion } from "./types.ts";

export interface InstanceType {
  readonly name: string;
  readonly cpu: number;
  readonly diskGb: number;
  readonly memoryMb: number;
}

const type = (name: string, cpu: number, diskGb: number, memoryMb: number): InstanceType => ({
  name,
  cpu,
  diskGb,
  memoryMb,
});

/**
 * What a cloud of that version lets users launch: a new 5.x one has only `t2.*` and `m5.*` enabled (observed on
 * Eucalyptus 5.1.0, 2026-11-28), one that comes from 4.4 all.
 */
export function enabledTypes(version: CloudVersion = "4.4"): ReadonlyMap<string, InstanceType> {
  return version === "4.4" ? INSTANCE_TYPES : FRESH;
}

/** For a launch that names none. Source: Corymbia/eucalyptus `VmTypes.java` of both versions. */
export const defaultType = (version: CloudVersion | undefined): string => (version === "4.4" ? "m1.small" : "t2.micro");

/**
 * All that a cloud knows.
 * Source: Corymbia/eucalyptus `vmtypes/*.java`.
 */
export const INSTANCE_TYPES: ReadonlyMap<string, InstanceType> = new Map(
  [
    type("m1.small", 1, 5, 512),
    type("t1.micro", 1, 5, 512),
    type("m1.medium", 1, 10, 1024),
    type("c1.medium", 2, 10, 1024),
    type("m1.large", 2, 10, 2048),
    type("m1.xlarge", 2, 10, 2048),
    type("c1.xlarge", 2, 10, 4096),
    type("m2.xlarge", 2, 10, 4096),
    type("m3.xlarge", 4, 15, 4096),
    type("m2.2xlarge", 2, 30, 8192),
    type("m3.2xlarge", 4, 30, 8192),
    type("m2.4xlarge", 8, 60, 8192),
    type("t2.nano", 1, 5, 512),
    type("t2.micro", 1, 10, 1024),
    type("t2.small", 1, 10, 2048),
    type("t2.medium", 2, 10, 4096),
    type("t2.large", 2, 15, 8192),
    type("t2.xlarge", 4, 15, 16_384),
    type("t2.2xlarge", 8, 30, 32_768),
    type("m5.large", 2, 10, 8192),
    type("m5.xlarge", 4, 15, 16_384),
    type("m5.2xlarge", 8, 30, 32_768),
    type("m5.4xlarge", 16, 60, 65_536),
    type("m5.12xlarge", 48, 120, 196_608),
    type("m5.24xlarge", 96, 240, 393_216),
  ].map((one) => [one.name, one]),
);

const FRESH = new Map([...INSTANCE_TYPES].filter(([name]) => /^(?:t2|m5)\./.test(name)));
