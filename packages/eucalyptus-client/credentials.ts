/** Access keys of a user of the cloud account, or temporary ones. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of the temporary keys that GetSessionToken and AssumeRole give; they are unknown to the cloud without it. */
  readonly sessionToken?: string;
}

/** The environment has no keys. Says which variable is missing and where to get the values. */
export class MissingCredentialsError extends Error {
  override readonly name = "MissingCredentialsError";
  readonly code = "MISSING_CREDENTIALS";

  constructor(missing: readonly string[]) {
    super(
      `${missing.join(" and ")} ${missing.length > 1 ? "are" : "is"} not set, so calls to the cloud cannot be signed; ` +
        "export the keys of your Eucalyptus account",
    );
  }
}

/**
 * The only source of keys: they are never inputs, so no state file and no diagnostic can show them.
 * @throws {MissingCredentialsError}
 */
export function credentialsFromEnvironment(environment: NodeJS.ProcessEnv): Credentials {
  const { AWS_ACCESS_KEY_ID: accessKeyId = "", AWS_SECRET_ACCESS_KEY: secretAccessKey = "" } = environment;
  const { AWS_SESSION_TOKEN: sessionToken = "" } = environment;
  const missing = [
    ...(accessKeyId === "" ? ["AWS_ACCESS_KEY_ID"] : []),
    ...(secretAccessKey === "" ? ["AWS_SECRET_ACCESS_KEY"] : []),
  ];
  if (missing.length > 0) throw new MissingCredentialsError(missing);
  return { accessKeyId, secretAccessKey, ...(sessionToken !== "" && { sessionToken }) };
}
