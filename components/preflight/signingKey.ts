import { MissingCredentialsError } from "@planet/eucalyptus-client/credentials";
import { RefusedDeploy } from "../../settings/refusedDeploy.ts";
import { signingKey } from "../signPermit/signingKey.ts";

const OFF = "or go without a memory: `npx pulumi config set planet:memory off`. Nothing was changed.";

/**
 * Id of the key that the servers' permit is signed with.
 * @throws {RefusedDeploy} `MISSING_CREDENTIALS`, `SESSION_KEYS`
 */
export function signingKeyId(environment: NodeJS.ProcessEnv): string {
  const { accessKeyId, sessionToken } = credentialsOf(environment);
  if (sessionToken === undefined) return accessKeyId;
  throw new RefusedDeploy({
    code: "SESSION_KEYS",
    what: "These keys cannot sign the permit of the planet's memory",
    why: "They are temporary (AWS_SESSION_TOKEN is set): the permit would end with the session, and the server stays.",
    next: `Give it a key of its own, PLANET_SIGNER_ACCESS_KEY_ID and PLANET_SIGNER_SECRET_ACCESS_KEY (docs/memory.md); ${OFF}`,
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
