import { Command } from "@pulumi/command/local/command.js";
import type * as pulumi from "@pulumi/pulumi";
import {
  type MembersTask,
  membersEnvironment,
  type Planned,
  type ReadinessTask,
  readinessEnvironment,
  type ServedTask,
  servedEnvironment,
  type TrafficTask,
  trafficEnvironment,
} from "./environment.ts";

interface GateOptions {
  readonly parent: pulumi.Resource;
  /** It runs once for each value. */
  readonly trigger: pulumi.Input<string>;
  readonly dependsOn: pulumi.Resource[];
}

/** Waits until a new server serves its release. Its failure stops what depends on it. */
export function readinessGate(name: string, task: Planned<ReadinessTask>, options: GateOptions): pulumi.Resource {
  return gate(name, "readiness", readinessEnvironment(task), options);
}

/** Waits until readers get the release at the elastic address. Its failure stops what depends on it. */
export function servedGate(name: string, task: Planned<ServedTask>, options: GateOptions): pulumi.Resource {
  return gate(name, "served", servedEnvironment(task), options);
}

/** Waits until every server of a group serves its release. Its failure stops what depends on it. */
export function membersGate(name: string, task: Planned<MembersTask>, options: GateOptions): pulumi.Resource {
  return gate(name, "members", membersEnvironment(task), options);
}

/** Waits until readers get the release at a balancer's name. Its failure stops what depends on it. */
export function trafficGate(name: string, task: Planned<TrafficTask>, options: GateOptions): pulumi.Resource {
  return gate(name, "traffic", trafficEnvironment(task), options);
}

function gate(
  name: string,
  verb: "readiness" | "served" | "members" | "traffic",
  environment: Record<string, pulumi.Input<string>>,
  { parent, trigger, dependsOn }: GateOptions,
): pulumi.Resource {
  return new Command(
    name,
    { create: `node components/awaitRelease/main.ts ${verb}`, triggers: [trigger], environment },
    {
      parent,
      dependsOn,
      // Another deadline or another checkout's path is not a reason to ask a server that already serves. A replacement
      // takes the new values all the same: the engine checks it against the program's inputs, not the kept ones.
      ignoreChanges: ["create", "update", "environment"],
    },
  );
}
