import type * as pulumi from "@pulumi/pulumi";

/*
 * What the gate is told, as its environment: written by the stack, read by the program that the engine runs. Values are
 * texts; a name that is missing or a number that is none stops the program at once, since it would wait for ever.
 */

/** Of `readiness`: that very server, asked by its own addresses, never by the elastic one. */
export interface ReadinessTask {
  readonly release: string;
  readonly deadlineSeconds: number;
  readonly instanceId: string;
  /** Empty where the cloud gives none. */
  readonly publicAddress: string;
  readonly privateAddress: string;
  /** Where to ask for its console. */
  readonly ec2Url: string;
  readonly region: string;
}

/** Of `served`: what readers get at the elastic address. */
export interface ServedTask {
  readonly release: string;
  readonly deadlineSeconds: number;
  readonly address: string;
  /** How long the old server stays after readers see the new one. */
  readonly drainingSeconds: number;
}

const READINESS = {
  release: "PLANET_RELEASE",
  deadlineSeconds: "PLANET_DEADLINE",
  instanceId: "PLANET_INSTANCE",
  publicAddress: "PLANET_PUBLIC_ADDRESS",
  privateAddress: "PLANET_PRIVATE_ADDRESS",
  ec2Url: "PLANET_EC2_URL",
  region: "PLANET_REGION",
} as const satisfies Record<keyof ReadinessTask, string>;

const SERVED = {
  release: "PLANET_RELEASE",
  deadlineSeconds: "PLANET_DEADLINE",
  address: "PLANET_ADDRESS",
  drainingSeconds: "PLANET_DRAINING",
} as const satisfies Record<keyof ServedTask, string>;

/** Values that the engine knows only later are allowed, but for numbers, which are settings. */
export type Planned<Task> = {
  readonly [Name in keyof Task]: Task[Name] extends number ? number : pulumi.Input<Task[Name]>;
};
type Environment = Record<string, pulumi.Input<string>>;

export const readinessEnvironment = (task: Planned<ReadinessTask>): Environment => write(READINESS, task);
export const servedEnvironment = (task: Planned<ServedTask>): Environment => write(SERVED, task);

/** @throws {EnvironmentError} */
export function readinessTask(environment: NodeJS.ProcessEnv): ReadinessTask {
  const { text, seconds } = readerOf(environment);
  return {
    release: text(READINESS.release),
    deadlineSeconds: seconds(READINESS.deadlineSeconds),
    instanceId: text(READINESS.instanceId),
    publicAddress: text(READINESS.publicAddress),
    privateAddress: text(READINESS.privateAddress),
    ec2Url: text(READINESS.ec2Url),
    region: text(READINESS.region),
  };
}

/** @throws {EnvironmentError} */
export function servedTask(environment: NodeJS.ProcessEnv): ServedTask {
  const { text, seconds } = readerOf(environment);
  return {
    release: text(SERVED.release),
    deadlineSeconds: seconds(SERVED.deadlineSeconds),
    address: text(SERVED.address),
    drainingSeconds: seconds(SERVED.drainingSeconds),
  };
}

/** Writer and reader do not fit: the program was run by hand, or from a checkout of another version. */
export class EnvironmentError extends Error {
  override readonly name = "EnvironmentError";
  readonly code = "ENVIRONMENT";
}

function write<Task>(names: Record<keyof Task & string, string>, task: Planned<Task>): Environment {
  const values = task as Record<string, pulumi.Input<string> | number>;
  return Object.fromEntries(
    Object.entries<string>(names).map(([field, name]) => {
      const value = values[field];
      return [name, typeof value === "number" ? String(value) : (value ?? "")];
    }),
  );
}

function readerOf(environment: NodeJS.ProcessEnv) {
  const text = (name: string): string => {
    const value = environment[name];
    if (value === undefined) throw new EnvironmentError(`${name} is not set: \`pulumi up\` sets it for this program`);
    return value;
  };
  const seconds = (name: string): number => {
    const value = text(name);
    if (!/^\d{1,6}$/.test(value)) throw new EnvironmentError(`${name} is "${value}", expected whole seconds`);
    return Number(value);
  };
  return { text, seconds };
}
