import { type Credentials, credentialsFromEnvironment, MissingCredentialsError } from "@planet/eucalyptus-client";
import { cloudStopped, LOCAL_STACK } from "@planet/toolchain";
import { type Context, OperatorError } from "../command.ts";
import { stackName } from "./outputs.ts";
import { quietEnvironment } from "./quietEnvironment.ts";
import { readPulumi } from "./runPulumi.ts";

/**
 * The keys that the CLI works with for this stack, or for the selected one: a local cloud's are found by its endpoint.
 * @throws {OperatorError} when there are none.
 */
export async function stackCredentials(
  stack: string,
  context: Context,
  pulumi = { read: readPulumi },
): Promise<Credentials> {
  const name = stack === "" ? await stackName(stack, pulumi, context) : stack;
  const environment = await quietEnvironment(name, context);
  try {
    return credentialsFromEnvironment(environment);
  } catch (error) {
    if (!(error instanceof MissingCredentialsError)) throw error;
    if (name === LOCAL_STACK) throw cloudStopped({ cause: error });
    throw new OperatorError({ code: error.code, what: error.message, next: "Nothing was changed." }, { cause: error });
  }
}
