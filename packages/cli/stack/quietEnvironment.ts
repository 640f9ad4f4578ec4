import { toolchainEnvironment } from "@planet/toolchain";
import type { Context } from "../command.ts";

/** What the CLI runs with for this stack. The toolchain's notices come when the CLI itself runs. */
export function quietEnvironment(stack: string, context: Context): Promise<NodeJS.ProcessEnv> {
  const { checkout, environment: env } = context;
  return toolchainEnvironment({ checkout, stack, env, onNotice: () => {} });
}
