import { readBackSeconds } from "@planet/content";
import { nearestName } from "@planet/errors";
import { SHORTEST_DRAINING_SECONDS } from "../userdata/render.ts";
import * as field from "./fields.ts";

/** What a stack file says, validated. Units are in the names; the meaning of each key is in Pulumi.yaml. */
export interface Settings {
  readonly stack: string;
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  readonly image: string;
  readonly instanceType: string;
  readonly keyName?: string;
  readonly publicKey?: string;
  readonly address?: string;
  readonly keepAddress: boolean;
  /** Servers behind a balancer; 0: one server, behind an elastic address. */
  readonly servers: number;
  /** Which of them are replaced: whose machine is gone, or also who does not serve the balancer. */
  readonly healing: "machine" | "page";
  /** With servers behind a balancer there is also the one behind an elastic address. */
  readonly keepServer: boolean;
  readonly rollout: "live" | "replace";
  readonly generation: number;
  readonly intervalSeconds: number;
  readonly settleSeconds: number;
  readonly readyDeadlineSeconds: number;
  readonly drainingSeconds: number;
  readonly allowHosts: readonly string[];
  readonly overwrite: Readonly<Record<string, string>>;
  readonly leave: readonly string[];
  readonly sshFrom: readonly string[];
  /** Whether servers keep what they know in the bucket. */
  readonly memory: boolean;
  /** Number of the permit that they write with, from 1. Another one is another place: the memory begins empty. */
  readonly permit: number;
  readonly keepMemory: boolean;
  /** 0: for ever. */
  readonly archiveMonths: number;
  /** Absent without a host name: the planet is served by plain HTTP. */
  readonly https?: HttpsSettings;
}

interface HttpsSettings {
  /** At least one; the first is the canonical one. */
  readonly names: readonly string[];
  /** Where certificates are ordered; empty: nowhere, they are imported. */
  readonly acmeDirectory: string;
  /** Empty: none. */
  readonly acmeContact: string;
  /** For how long browsers keep to https; 0: they are not told to. */
  readonly hstsSeconds: number;
}

export interface SettingProblem {
  /** With its namespace, as people type it: `planet:interval`. Empty when the whole stack is meant. */
  readonly key: string;
  readonly reason: string;
}

const LETS_ENCRYPT = "https://acme-v02.api.letsencrypt.org/directory";
/** What lists of sites that are https for good ask for, and no browser needs more. */
const TWO_YEARS_SECONDS = 63_072_000;

/** Defaults repeat Pulumi.yaml's (a test compares them), so that the values hold without the engine too. */
const FIELDS = {
  endpoint: field.required(field.endpoint, "the cloud's front end, such as http://173.205.188.8:8773"),
  region: field.optional(field.word, "eucalyptus"),
  bucket: field.required(field.bucketName, "the bucket that the files of site/ are published in"),
  image: field.required(field.imageId, "the image to boot, `euca-describe-images` lists them"),
  instanceType: field.required(field.word, "the instance type, `euca-describe-instance-types` lists them"),
  keyName: field.optional(field.orEmpty(field.keyName), ""),
  publicKey: field.optional(field.orEmpty(field.publicKey), ""),
  address: field.optional(field.orEmpty(field.ipv4Address), ""),
  keepAddress: field.optional(field.boolean, true),
  servers: field.optional(field.integer(0, 20), 0),
  healing: field.optional(field.oneOf("machine", "page"), "machine"),
  keepServer: field.optional(field.boolean, false),
  rollout: field.optional(field.oneOf("live", "replace"), "live"),
  generation: field.optional(field.integer(1, 1_000_000), 1),
  interval: field.optional(field.integer(5, 86_400), 300),
  settle: field.optional(field.integer(0, 3_600), 60),
  readyDeadline: field.optional(field.integer(10, 7_200), 1_800),
  draining: field.optional(field.zeroOr(SHORTEST_DRAINING_SECONDS, 3_600), 30),
  allowHosts: field.optional(field.list(field.hostPattern), []),
  overwrite: field.optional(field.hashes, {}),
  leave: field.optional(field.list(field.fileName), []),
  sshFrom: field.optional(field.list(field.cidr), []),
  memory: field.optional(field.oneOf("on", "off"), "on"),
  permit: field.optional(field.integer(1, 1_000_000), 1),
  keepMemory: field.optional(field.boolean, true),
  archiveMonths: field.optional(field.integer(0, 1_200), 0),
  host: field.optional(field.hostNames, []),
  acmeDirectory: field.optional(field.acmeDirectory, LETS_ENCRYPT),
  acmeContact: field.optional(field.orEmpty(field.mailAddress), ""),
  acmeAgree: field.optional(field.boolean, false),
  hsts: field.optional(field.integer(0, TWO_YEARS_SECONDS), 0),
};

type Name = keyof typeof FIELDS;
type Values = { [name in Name]: ReturnType<(typeof FIELDS)[name]["read"]> };

export const SETTING_NAMES = Object.keys(FIELDS) as Name[];

/**
 * Reads the raw configuration of a stack: keys as `namespace:name`, values as text, lists and maps as JSON text.
 * All problems come at once; without any, the settings do.
 */
export function readSettings(
  raw: Readonly<Record<string, string>>,
  stack: string,
): { settings: Settings; problems: [] } | { problems: SettingProblem[] } {
  const problems = [...stackProblems(stack), ...unknownKeys(raw)];
  const values: Partial<Record<Name, unknown>> = {};
  for (const name of SETTING_NAMES) {
    try {
      values[name] = FIELDS[name].read(raw[`planet:${name}`]);
    } catch (error) {
      if (!(error instanceof field.FieldError)) throw error;
      problems.push({ key: `planet:${name}`, reason: error.message });
    }
  }
  problems.push(...conflicts(values as Partial<Values>));
  return problems.length > 0 ? { problems } : { settings: assemble(values as Values, stack), problems: [] };
}

/** The stack's name is part of resource names, of the manifest and of a shell variable. */
function stackProblems(stack: string): SettingProblem[] {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(stack)) return [];
  const reason = `stack name "${stack}" must be 1 to 64 letters, digits, ".", "_" or "-"; rename it with \`npx pulumi stack rename\``;
  return [{ key: "", reason }];
}

function unknownKeys(raw: Readonly<Record<string, string>>): SettingProblem[] {
  return Object.keys(raw)
    .toSorted()
    .flatMap((key) => {
      const [namespace, name = ""] = key.split(/:(.*)/s);
      if (namespace === "aws") {
        return [{ key, reason: "has no effect here: the provider is made from planet:endpoint and planet:region" }];
      }
      if (namespace !== "planet" || (SETTING_NAMES as string[]).includes(name)) return [];
      const nearest = nearestName(name, SETTING_NAMES);
      const hint = nearest ? `did you mean planet:${nearest}?` : `known are ${SETTING_NAMES.join(", ")}`;
      return [{ key, reason: `is not a setting; ${hint} \`npx pulumi config rm ${key}\` removes it` }];
    });
}

function conflicts(values: Partial<Values>): SettingProblem[] {
  const problems: SettingProblem[] = [];
  if (values.keyName && values.publicKey) {
    problems.push({ key: "planet:keyName", reason: "excludes planet:publicKey; keep the one that you mean" });
  }
  const { draining = 0, interval = 0 } = values;
  const needed = Math.ceil(readBackSeconds(interval));
  if (values.memory === "on" && draining > 0 && draining < needed) {
    const reason = `is ${draining}; with planet:memory on and planet:interval ${interval} the old server needs ${needed} to see that what it has written is whole`;
    problems.push({ key: "planet:draining", reason });
  }
  problems.push(...serversProblems(values), ...acmeProblems(values));
  for (const name of values.leave ?? []) {
    if (values.overwrite && Object.hasOwn(values.overwrite, name)) {
      problems.push({
        key: "planet:leave",
        reason: `names ${name}, and so does planet:overwrite; keep one of the two: \`npx pulumi config rm --path 'planet:overwrite["${name}"]'\` removes the other`,
      });
    }
  }
  return problems;
}

function serversProblems({ servers = 0, keepServer, address, memory }: Partial<Values>): SettingProblem[] {
  if (servers === 0) return [];
  const key = "planet:servers";
  const reasons = [
    ...(address && keepServer === false
      ? [
          "excludes planet:address: a load balancer has a name and no address of its own (docs/servers.md); with planet:keepServer true the one server behind the address stays, too",
        ]
      : []),
    ...(memory === "off"
      ? ["needs planet:memory on: one of the servers asks the feeds, and the others read what it keeps"]
      : []),
  ];
  return reasons.map((reason) => ({ key, reason }));
}

function acmeProblems({ host = [], acmeDirectory = "", acmeAgree, endpoint = "" }: Partial<Values>): SettingProblem[] {
  if (host.length === 0 || acmeDirectory === "") return [];
  if (acmeDirectory.startsWith("http:") && !isLocalCloud(endpoint)) {
    return [{ key: "planet:acmeDirectory", reason: `is "${acmeDirectory}", expected https://, or off` }];
  }
  if (acmeAgree !== false) return [];
  const terms =
    acmeDirectory === LETS_ENCRYPT
      ? "https://letsencrypt.org/repository/"
      : `in \`termsOfService\` of ${acmeDirectory}`;
  const reason = `is missing: certificates for ${host[0]} are ordered in your name. Read the authority's terms (${terms}), then \`npx pulumi config set planet:acmeAgree true\`; with planet:acmeDirectory off nothing is ordered`;
  return [{ key: "planet:acmeAgree", reason }];
}

/**
 * Whether an endpoint is a local cloud's: one with machines has an address of its own (packages/local-cloud/identity.ts), one
 * without listens on this machine.
 */
export const isLocalCloud = (endpoint: string): boolean =>
  /^http:\/\/(127\.\d+\.\d+\.\d+|10\.67\.\d+\.1)(:\d+)?$/.test(endpoint);

function assemble(values: Values, stack: string): Settings {
  const { keyName, publicKey, address, interval, settle, readyDeadline, draining, memory, ...rest } = values;
  const { host, acmeDirectory, acmeContact, acmeAgree: _, hsts, ...same } = rest;
  return {
    ...same,
    stack,
    ...(keyName !== "" && { keyName }),
    ...(publicKey !== "" && { publicKey }),
    ...(address !== "" && { address }),
    intervalSeconds: interval,
    settleSeconds: settle,
    readyDeadlineSeconds: readyDeadline,
    drainingSeconds: draining,
    memory: memory === "on",
    ...(host.length > 0 && { https: { names: host, acmeDirectory, acmeContact, hstsSeconds: hsts } }),
  };
}
