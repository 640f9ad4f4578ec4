import type * as pulumi from "@pulumi/pulumi";

/** What is to be signed, and with which key: the environment of the program, written by the stack. All of it is public. */
export interface SignTask {
  /** The policy's text, of `policyOf`. */
  readonly policy: string;
  /** Id of the key that has to sign; another one would sign another permit than the server was told of. */
  readonly accessKeyId: string;
}

const POLICY = "PLANET_POLICY";
const SIGNER = "PLANET_SIGNER";

export const signEnvironment = ({ policy, accessKeyId }: SignTask): Record<string, pulumi.Input<string>> => {
  return { [POLICY]: policy, [SIGNER]: accessKeyId };
};

/** Empty where a variable is absent. */
export const signTask = (environment: NodeJS.ProcessEnv): SignTask => {
  return { policy: environment[POLICY] ?? "", accessKeyId: environment[SIGNER] ?? "" };
};
