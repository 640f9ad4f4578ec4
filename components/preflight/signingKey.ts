import { credentialsFromEnvironment, MissingCredentialsError } from "@planet/eucalyptus-client/credentials";
import { RefusedDeploy } from "../../settings/refusedDeploy.ts";

const OFF = "or go without a memory: `npx pulumi config set planet:memory off`. Nothing was changed.";

/**
 * Id of the key that the servers' permit is signed with: that of whoever deploys.
 * @throws {RefusedDeploy} `MISSING_CREDENTIALS`, `SESSION_KEYS`
 */
export function signingKeyId(environment: NodeJS.ProcessEnv): string {
  const { accessKeyId, sessionToken } = credentialsOf(environment);
  if (sessionToken === undefined) return accessKeyId;
  throw new RefusedDeploy({
    code: "SESSION_KEYS",
    what: "These keys cannot sign the permit of the planet's memory",
    why: "They are temporary (AWS_SESSION_TOKEN is set): the permit would end with the session, and the server stays.",
    next: `Deploy with an access key of a user (docs/memory.md), ${OFF}`,
  });
}

function credentialsOf(environment: NodeJS.ProcessEnv) {
  try {
    return credentialsFromEnvironment(environment);
  } catch (error) {
    if (!(error instanceof MissingCredentialsError)) throw error;
    throw new RefusedDeploy({ code: error.code, what: error.message, next: "Nothing was changed." });
  }
}
