// Run as a program by the resources of readiness.ts and publicAddress.ts:
//
//   node components/awaitRelease/main.ts readiness    until this new server serves its release (asked by its own addresses)
//   node components/awaitRelease/main.ts served       until readers get it at the elastic address; then the draining time
//
// Nothing is changed by either: a failure leaves the old server in service, and a second `pulumi up` only asks again.
// What is asked is in the environment (PLANET_*); credentials for the console are in the process' own environment.

import { httpGet, PAGE_LIMIT_BYTES } from "@planet/content/httpGet";
import { awaitReadiness } from "./awaitReadiness.ts";
import { awaitServed } from "./awaitServed.ts";
import { instanceReader } from "./readInstance.ts";
import type { World } from "./waiting.ts";

const STATUS_LIMITS = { timeoutMs: 5_000, limitBytes: PAGE_LIMIT_BYTES };

/** @returns the process' exit code. */
export async function main(verb: string | undefined, environment: NodeJS.ProcessEnv, world: World): Promise<number> {
  const setting = (name: string) => environment[`PLANET_${name}`] ?? "";
  const common = { release: setting("RELEASE"), deadlineSeconds: Number(setting("DEADLINE")) };
  try {
    if (verb === "readiness") {
      const addresses = [setting("PUBLIC_ADDRESS"), setting("PRIVATE_ADDRESS")].filter((address) => address !== "");
      await awaitReadiness({ ...common, instanceId: setting("INSTANCE"), addresses: [...new Set(addresses)] }, world);
    } else if (verb === "served") {
      const drainingSeconds = Number(setting("DRAINING"));
      await awaitServed({ ...common, address: setting("ADDRESS"), drainingSeconds }, world);
    } else {
      world.complain(`usage: node components/awaitRelease/main.ts readiness|served, not "${verb ?? ""}"`);
      return 2;
    }
    return 0;
  } catch (error) {
    world.complain(error instanceof Error ? error.message : String(error));
    return 1;
  }
}

function realWorld(environment: NodeJS.ProcessEnv): World {
  return {
    now: () => performance.now(),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    say: (line) => void process.stdout.write(`${line}\n`),
    complain: (text) => void process.stderr.write(`${text}\n`),
    get: async (url) => {
      const { status, body } = await httpGet(url, STATUS_LIMITS);
      return { status, text: body.toString() };
    },
    ...instanceReader(environment),
  };
}

if (import.meta.main) process.exitCode = await main(process.argv[2], process.env, realWorld(process.env));
