import { type Credentials, credentialsFromEnvironment, MissingCredentialsError } from "@planet/eucalyptus-client";
import { type Context, OperatorError } from "../command.ts";
import { quietEnvironment } from "./quietEnvironment.ts";

/** The keys that the CLI works with for this stack. @throws {OperatorError} when there are none. */
export async function stackCredentials(stack: string, context: Context): Promise<Credentials> {
  const environment = await quietEnvironment(stack, context);
  try {
    return credentialsFromEnvironment(environment);
  } catch (error) {
    if (!(error instanceof MissingCredentialsError)) throw error;
    throw new OperatorError({ code: error.code, what: error.message, next: "Nothing was changed." }, { cause: error });
  }
}
