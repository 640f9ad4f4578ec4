import { certificateKeyText, type PermitKind, permitPrefix, policyOf, scopeOf } from "@planet/content";
import { Command } from "@pulumi/command/local/command.js";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../settings/settings.ts";
import type { SecretVariable } from "../userdata/render.ts";
import { type SignTask, signEnvironment } from "./signPermit/task.ts";

/** What the servers of these settings may write. */
export const permitKinds = ({ memory, https }: Pick<Settings, "memory" | "https">): PermitKind[] => [
  ...(memory ? (["memory"] as const) : []),
  ...(https ? (["tls", "acme-challenge"] as const) : []),
];

const SIGNATURES = {
  memory: "PLANET_MEMORY_SIGNATURE",
  tls: "PLANET_TLS_SIGNATURE",
  "acme-challenge": "PLANET_CHALLENGE_SIGNATURE",
} as const satisfies Record<PermitKind, SecretVariable>;

export interface PermitArgs {
  readonly kinds: readonly PermitKind[];
  /** Number of the permits, `planet:permit`. */
  readonly permit: number;
  readonly bucket: string;
  readonly bucketUrl: string;
  /** Of the key that signs. */
  readonly accessKeyId: string;
}

/**
 * What a server is trusted with: a permit of each kind, that is, leave to add objects to the bucket below one prefix; and the key
 * that its certificate is sealed with in the bucket.
 */
export function serverSecrets(args: PermitArgs): Partial<Record<SecretVariable, pulumi.Output<string>>> {
  const { kinds, permit, bucket, bucketUrl } = args;
  const signatures = kinds.map((kind): [SecretVariable, pulumi.Output<string>] => {
    const policy = policyOf(scopeOf({ bucket, bucketUrl, prefix: permitPrefix(kind, permit) }));
    return [SIGNATURES[kind], signed(`${kind}-permit`, { what: "permit", text: policy }, args)];
  });
  return {
    ...Object.fromEntries(signatures),
    ...(kinds.includes("tls") && { PLANET_TLS_KEY: certificateKey(args) }),
  };
}

function certificateKey(args: PermitArgs): pulumi.Output<string> {
  const text = certificateKeyText(args.bucketUrl, args.permit);
  return signed("certificate-key", { what: "certificate-key", text }, args);
}

/**
 * What was signed stays in the encrypted state, so that everybody who deploys has the same without a file to keep. It is made
 * again when what it is about changes, and then it is a replacement: nothing of the old one is left in the state.
 */
function signed(name: string, task: Omit<SignTask, "accessKeyId">, args: PermitArgs): pulumi.Output<string> {
  const { accessKeyId, bucketUrl } = args;
  const signer = new Command(
    name,
    {
      create: "node components/signPermit/main.ts",
      logging: "none",
      triggers: [accessKeyId, bucketUrl, task.text],
      environment: signEnvironment({ ...task, accessKeyId }),
    },
    {
      additionalSecretOutputs: ["stdout", "stderr"],
      // Another checkout's path is no reason to sign again.
      ignoreChanges: ["create", "update", "environment"],
    },
  );
  return pulumi.secret(signer.stdout);
}
