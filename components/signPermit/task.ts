import type * as pulumi from "@pulumi/pulumi";

/** What is to be signed, and with which key: the environment of the program, written by the stack. All of it is public. */
export interface SignTask {
  /** What is made: a permit's signature, or the key of the certificate. */
  readonly what: "permit" | "certificate-key";
  /** Of `policyOf` for a permit, of `certificateKeyText` for the key. */
  readonly text: string;
  /** Id of the key that has to sign; another one would sign something else than the server was told of. */
  readonly accessKeyId: string;
}

/** Each kind of text has a variable of its own. */
const TEXTS = { permit: "PLANET_POLICY", "certificate-key": "PLANET_KEY_TEXT" } as const;
const SIGNER = "PLANET_SIGNER";

export const signEnvironment = ({ what, text, accessKeyId }: SignTask): Record<string, pulumi.Input<string>> => {
  return { [TEXTS[what]]: text, [SIGNER]: accessKeyId };
};

/** Empty where a variable is absent. */
export const signTask = (environment: NodeJS.ProcessEnv): SignTask => {
  const keyText = environment[TEXTS["certificate-key"]] ?? "";
  const what = keyText === "" ? "permit" : "certificate-key";
  return { what, text: environment[TEXTS[what]] ?? "", accessKeyId: environment[SIGNER] ?? "" };
};
