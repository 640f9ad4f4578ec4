import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

/** What is said relative to the checkout means the same in another folder: backend and passphrase file. Pure. */
export function absoluteEnvironment(environment: NodeJS.ProcessEnv, checkout: string): NodeJS.ProcessEnv {
  const { PULUMI_BACKEND_URL: backend, PULUMI_CONFIG_PASSPHRASE_FILE: file } = environment;
  const relative = /^file:\/\/(\.[^?]*)(.*)$/.exec(backend ?? "");
  return {
    ...environment,
    ...(relative && { PULUMI_BACKEND_URL: `${pathToFileURL(resolve(checkout, relative[1] ?? ""))}${relative[2]}` }),
    ...(file && { PULUMI_CONFIG_PASSPHRASE_FILE: resolve(checkout, file) }),
  };
}
