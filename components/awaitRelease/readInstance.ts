import { consoleAccess } from "./environment.ts";
import type { Edges } from "./waiting.ts";

/** A cloud that does not answer must not hold up the probes of the addresses. */
const TIMEOUT_MS = 8_000;

/**
 * Asks the cloud about an instance. The client is imported at the first call: most servers are ready by an address
 * that can be reached, and the start of this program should not wait for an SDK.
 */
export function instanceReader(environment: NodeJS.ProcessEnv): Pick<Edges, "readConsole" | "readEnd"> {
  const load = () => import("@planet/eucalyptus-client");
  const connect = async () => {
    const { createClock, createEc2, credentialsFromEnvironment } = await load();
    const { ec2Url, region } = consoleAccess(environment);
    return createEc2(ec2Url, {
      region,
      credentials: credentialsFromEnvironment(environment),
      clock: createClock(),
      timeoutMs: TIMEOUT_MS,
      patienceMs: 0,
    });
  };
  return {
    readConsole: async (instanceId) => (await connect()).readConsole(instanceId),
    async readEnd(instanceId) {
      const instance = await (await connect()).findInstance(instanceId);
      if (!instance) return "the cloud does not know it any more";
      if ((await load()).isLiving(instance)) return undefined;
      const { state, reason } = instance;
      return reason === "" ? state : `${state} (${reason})`;
    },
  };
}
