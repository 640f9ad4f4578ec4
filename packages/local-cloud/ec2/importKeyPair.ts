import { action } from "./action.ts";
import { invalidParameterValue, keyPairDuplicate } from "./errors.ts";
import { parsePublicKey } from "./keyFormat.ts";

/** RSA only: ed25519 and ecdsa are refused. Source: Corymbia/eucalyptus `KeyPairManager.java`. */
export const importKeyPair = action({
  name: "ImportKeyPair",
  params: { KeyName: "string", PublicKeyMaterial: "string" },

  run(world, { KeyName: keyName, PublicKeyMaterial }) {
    if (!/^[\x20-\x7e]{1,255}$/.test(keyName)) throw invalidParameterValue(`Invalid key name: ${keyName}`);
    if (world.state.keyPairs.has(keyName)) throw keyPairDuplicate(keyName);
    const { line, fingerprint } = parsePublicKey(Buffer.from(PublicKeyMaterial, "base64"));
    world.state.keyPairs.set(keyName, { keyName, fingerprint, publicKey: line });
    return { keyName, keyFingerprint: fingerprint };
  },
});
