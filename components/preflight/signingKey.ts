import { MissingCredentialsError } from "@planet/eucalyptus-client/credentials";
import { RefusedDeploy } from "../../settings/refusedDeploy.ts";
import { signingKey } from "../signPermit/signingKey.ts";

const OFF = "or go without: `npx pulumi config set planet:memory off`, and no planet:host. Nothing was changed.";

/**
 * Id of the key that the servers' permits are signed with.
 * @throws {RefusedDeploy} `MISSING_CREDENTIALS`, `SESSION_KEYS`
 */
export function signingKeyId(environment: NodeJS.ProcessEnv): string {
  const { accessKeyId, sessionToken } = credentialsOf(environment);
  if (sessionToken === undefined) return accessKeyId;
  throw new RefusedDeploy({
    code: "SESSION_KEYS",
    what: "These keys cannot sign the server's permits",
    why: "They are temporary (AWS_SESSION_TOKEN is set): the permits would end with the session, and the server stays.",
    next: `Give them a key of their own, PLANET_SIGNER_ACCESS_KEY_ID and PLANET_SIGNER_SECRET_ACCESS_KEY (docs/memory.md); ${OFF}`,
  });
}

function credentialsOf(environment: NodeJS.ProcessEnv) {
  try {
    return signingKey(environment);
  } catch (error) {
    if (!(error instanceof MissingCredentialsError)) throw error;
    throw new RefusedDeploy({ code: error.code, what: error.message, next: "Nothing was changed." });
  }
}
