import { RELEASE_VARIABLE } from "@planet/content/marks";
import { ExplainedError } from "@planet/errors";
import type * as pulumi from "@pulumi/pulumi";
import type { CertificateTask } from "./certificate.ts";

/*
 * The gate's settings, as its environment: written by the stack, read by the program that the engine runs. Values are
 * texts; a missing name or a malformed number stops the program at once, since it would wait forever.
 */

/** One field: how the environment calls it, and how its text is read. */
interface Field<Value> {
  readonly name: string;
  readonly read: (value: string) => Value;
}

const text = (name: string): Field<string> => ({ name, read: (value) => value });

const whole = (name: string, unit: string): Field<number> => ({
  name,
  read(value) {
    if (/^\d{1,6}$/.test(value)) return Number(value);
    throw new EnvironmentError({ code: "VARIABLE_MALFORMED", what: `${name} is "${value}", expected whole ${unit}` });
  },
});
const seconds = (name: string) => whole(name, "seconds");

/** How a certificate is known; all empty without a host. */
const CERTIFICATE: Fields<CertificateTask> = {
  host: text("PLANET_HOST"),
  keyId: text("PLANET_KEY_ID"),
  certificateUrl: text("PLANET_CERTIFICATE_URL"),
};

/** Of `readiness`: that very server, asked by its own addresses, never by the elastic one. */
const READINESS = {
  release: text(RELEASE_VARIABLE),
  deadlineSeconds: seconds("PLANET_DEADLINE"),
  instanceId: text("PLANET_INSTANCE"),
  /** Empty where the cloud gives none. */
  publicAddress: text("PLANET_PUBLIC_ADDRESS"),
  privateAddress: text("PLANET_PRIVATE_ADDRESS"),
  /** Where to ask for its console. */
  ec2Url: text("PLANET_EC2_URL"),
  region: text("PLANET_REGION"),
  ...CERTIFICATE,
};

/** Of `served`: what readers get at the elastic address. */
const SERVED = {
  release: text(RELEASE_VARIABLE),
  deadlineSeconds: seconds("PLANET_DEADLINE"),
  address: text("PLANET_ADDRESS"),
  /** How long the old server stays after readers see the new one. */
  drainingSeconds: seconds("PLANET_DRAINING"),
  ...CERTIFICATE,
};

/** Of `members`: every server of a group, each asked by its own addresses. */
const MEMBERS = {
  release: text(RELEASE_VARIABLE),
  deadlineSeconds: seconds("PLANET_DEADLINE"),
  group: text("PLANET_GROUP"),
  autoScalingUrl: text("PLANET_AUTO_SCALING_URL"),
  ec2Url: text("PLANET_EC2_URL"),
  region: text("PLANET_REGION"),
  ...CERTIFICATE,
};

/** Of `traffic`: what readers get at a balancer's name. */
const TRAFFIC = {
  release: text(RELEASE_VARIABLE),
  deadlineSeconds: seconds("PLANET_DEADLINE"),
  /** Servers of the release. */
  count: whole("PLANET_SERVERS", "servers"),
  dnsName: text("PLANET_DNS_NAME"),
  /** The cloud's front end, whose own name server knows the name. */
  nameServer: text("PLANET_NAME_SERVER"),
  ...CERTIFICATE,
};

type Fields<Task> = { readonly [Name in keyof Task]: Field<Task[Name]> };
type TaskOf<Table> = { readonly [Name in keyof Table]: Table[Name] extends Field<infer Value> ? Value : never };
export type ReadinessTask = TaskOf<typeof READINESS>;
export type ServedTask = TaskOf<typeof SERVED>;
export type MembersTask = TaskOf<typeof MEMBERS>;
export type TrafficTask = TaskOf<typeof TRAFFIC>;

/** Values that the engine knows only later are allowed, except for numbers, which are settings. */
export type Planned<Task> = {
  readonly [Name in keyof Task]: Task[Name] extends number ? number : pulumi.Input<Task[Name]>;
};
type Environment = Record<string, pulumi.Input<string>>;

export const readinessEnvironment = (task: Planned<ReadinessTask>): Environment => write(READINESS, task);
export const servedEnvironment = (task: Planned<ServedTask>): Environment => write(SERVED, task);
export const membersEnvironment = (task: Planned<MembersTask>): Environment => write(MEMBERS, task);
export const trafficEnvironment = (task: Planned<TrafficTask>): Environment => write(TRAFFIC, task);

/** @throws {EnvironmentError} */
export const readinessTask = (environment: NodeJS.ProcessEnv): ReadinessTask => read(READINESS, environment);
/** Where to ask for a server's console, in both tasks that need it. @throws {EnvironmentError} */
export const consoleAccess = (environment: NodeJS.ProcessEnv) =>
  read({ ec2Url: READINESS.ec2Url, region: READINESS.region }, environment);
/** @throws {EnvironmentError} */
export const servedTask = (environment: NodeJS.ProcessEnv): ServedTask => read(SERVED, environment);
/** @throws {EnvironmentError} */
export const membersTask = (environment: NodeJS.ProcessEnv): MembersTask => read(MEMBERS, environment);
/** @throws {EnvironmentError} */
export const trafficTask = (environment: NodeJS.ProcessEnv): TrafficTask => read(TRAFFIC, environment);

/** Writer and reader do not fit: the program was run by hand, or from a checkout of another version. */
class EnvironmentError extends ExplainedError {}

function write(fields: Readonly<Record<string, Field<unknown>>>, task: Planned<object>): Environment {
  const values = task as Readonly<Record<string, pulumi.Input<string> | number>>;
  return Object.fromEntries(
    Object.entries(fields).map(([field, { name }]) => {
      const value = values[field] ?? "";
      return [name, typeof value === "number" ? String(value) : value];
    }),
  );
}

function read<Task extends object>(fields: Fields<Task>, environment: NodeJS.ProcessEnv): Task {
  const entries = Object.entries<Field<unknown>>(fields).map(([field, { name, read: parse }]) => {
    const value = environment[name];
    if (value === undefined) {
      const what = `${name} is not set: \`pulumi up\` sets it for this program`;
      throw new EnvironmentError({ code: "VARIABLE_MISSING", what });
    }
    return [field, parse(value)];
  });
  return Object.fromEntries(entries);
}
