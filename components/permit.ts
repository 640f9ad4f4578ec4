import { policyOf, scopeOf } from "@planet/content";
import { Command } from "@pulumi/command/local/command.js";
import * as pulumi from "@pulumi/pulumi";
import { signEnvironment } from "./signPermit/task.ts";

export interface PermitArgs {
  readonly bucket: string;
  readonly bucketUrl: string;
  /** Below which names it may write, with the slash. */
  readonly prefix: string;
  /** Of the key that signs. */
  readonly accessKeyId: string;
}

/**
 * Signs a permit: leave to add objects to the bucket below one prefix, as a server keeps its memory with. The signature stays
 * in the encrypted state, so that everybody who deploys has the same without a file to keep. It is made again when what it is
 * about changes, and then it is a replacement: nothing of the old one is left in the state.
 * @returns the signature, a secret.
 */
export function signedPermit(name: string, args: PermitArgs): pulumi.Output<string> {
  const { accessKeyId, bucketUrl } = args;
  const policy = policyOf(scopeOf(args));
  const signer = new Command(
    name,
    {
      create: "node components/signPermit/main.ts",
      logging: "none",
      triggers: [accessKeyId, bucketUrl, policy],
      environment: signEnvironment({ policy, accessKeyId }),
    },
    {
      additionalSecretOutputs: ["stdout", "stderr"],
      // Another checkout's path is no reason to sign again.
      ignoreChanges: ["create", "update", "environment"],
    },
  );
  return pulumi.secret(signer.stdout);
}
