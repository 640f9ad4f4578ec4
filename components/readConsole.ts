/** A console that cannot be read must not hold up the probes of the addresses. */
const CONSOLE_TIMEOUT_MS = 8_000;

/**
 * Reads an instance's console through the cloud. The client is imported at the first call: most servers are ready
 * by an address that can be reached, and the start of this program should not wait for an SDK.
 */
export function consoleReader(environment: NodeJS.ProcessEnv): (instanceId: string) => Promise<string> {
  return async (instanceId) => {
    const { createClock, createEc2, credentialsFromEnvironment } = await import("@planet/eucalyptus-client");
    const ec2 = createEc2(environment.PLANET_EC2_URL ?? "", {
      region: environment.PLANET_REGION ?? "",
      credentials: credentialsFromEnvironment(environment),
      clock: createClock(),
      timeoutMs: CONSOLE_TIMEOUT_MS,
      repeats: 0,
    });
    return await ec2.readConsole(instanceId);
  };
}
