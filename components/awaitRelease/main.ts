// Run as a program by the resources that gate.ts makes:
//
//   node components/awaitRelease/main.ts readiness    until this new server serves its release (asked by its own addresses)
//   node components/awaitRelease/main.ts served       until readers get it at the elastic address; then the draining time
//   node components/awaitRelease/main.ts members      until each server of a group serves its release
//   node components/awaitRelease/main.ts traffic      until readers get it at every address of a balancer's name
//
// Nothing is changed by any: a failure leaves the old server in service, and a second `pulumi up` only asks again.
// What is asked is in the environment (PLANET_*); credentials for the console are in the process' own environment.

import { httpGet, PAGE_LIMIT_BYTES } from "@planet/content/httpGet";
import { messageOf } from "@planet/errors";
import { addressesOf } from "@planet/eucalyptus-client/nameServer";
import { awaitMembers } from "./awaitMembers.ts";
import { awaitReadiness } from "./awaitReadiness.ts";
import { awaitServed } from "./awaitServed.ts";
import { awaitTraffic } from "./awaitTraffic.ts";
import { membersTask, readinessTask, servedTask, trafficTask } from "./environment.ts";
import { instanceReader } from "./readInstance.ts";
import { readMembers } from "./readMembers.ts";
import type { Edges } from "./waiting.ts";

const STATUS_LIMITS = { timeoutMs: 5_000, limitBytes: PAGE_LIMIT_BYTES };

/** @returns the process' exit code. */
export async function main(verb: string | undefined, environment: NodeJS.ProcessEnv, edges: Edges): Promise<number> {
  try {
    if (verb === "readiness") await awaitReadiness(readinessTask(environment), edges);
    else if (verb === "served") await awaitServed(servedTask(environment), edges);
    else if (verb === "members") await awaitMembers(membersTask(environment), edges);
    else if (verb === "traffic") await awaitTraffic(trafficTask(environment), edges);
    else {
      edges.complain(
        `usage: node components/awaitRelease/main.ts readiness|served|members|traffic, not "${verb ?? ""}"`,
      );
      return 2;
    }
    return 0;
  } catch (error) {
    edges.complain(messageOf(error));
    return 1;
  }
}

function realEdges(environment: NodeJS.ProcessEnv): Edges {
  return {
    now: () => performance.now(),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    say: (line) => void process.stdout.write(`${line}\n`),
    complain: (text) => void process.stderr.write(`${text}\n`),
    date: () => new Date(),
    get: async (url, at) => {
      const { body, ...answer } = await httpGet(url, { ...STATUS_LIMITS, ...(at !== undefined && { at }) });
      return { ...answer, text: body.toString() };
    },
    ...instanceReader(environment),
    readMembers: () => readMembers(environment),
    addressesOf: (name) => addressesOf(name, trafficTask(environment).nameServer),
  };
}

if (import.meta.main) process.exitCode = await main(process.argv[2], process.env, realEdges(process.env));
