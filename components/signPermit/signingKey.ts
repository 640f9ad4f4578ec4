import {
  type Credentials,
  credentialsFromEnvironment,
  MissingCredentialsError,
} from "@planet/eucalyptus-client/credentials";

const KEY_ID = "PLANET_SIGNER_ACCESS_KEY_ID";
const SECRET_KEY = "PLANET_SIGNER_SECRET_ACCESS_KEY";

/**
 * The key that permits are signed with: one of its own, whose user may do no more than the permits allow; else the one of
 * whoever deploys. With one of its own all who deploy sign the same, with keys of a session too.
 * @throws {MissingCredentialsError}
 */
export function signingKey(environment: NodeJS.ProcessEnv): Credentials {
  const { [KEY_ID]: accessKeyId = "", [SECRET_KEY]: secretAccessKey = "" } = environment;
  if (accessKeyId === "" && secretAccessKey === "") return credentialsFromEnvironment(environment);
  if (accessKeyId === "") throw new MissingCredentialsError([KEY_ID]);
  if (secretAccessKey === "") throw new MissingCredentialsError([SECRET_KEY]);
  return { accessKeyId, secretAccessKey };
}
