import { action } from "./action.ts";
import { keyPairDuplicate, textTooLong } from "./errors.ts";
import { parsePublicKey } from "./keyFormat.ts";

/** RSA only: ed25519 and ecdsa are refused. Unlike CreateKeyPair it takes any name that fits. Source: Corymbia/eucalyptus `KeyPairManager.java`. */
export const importKeyPair = action({
  name: "ImportKeyPair",
  params: { KeyName: "string", PublicKeyMaterial: "string" },

  run(world, { KeyName: keyName, PublicKeyMaterial }) {
    if (keyName.length > 255) throw textTooLong("ImportKeyPair");
    if (world.state.keyPairs.has(keyName)) throw keyPairDuplicate(keyName);
    const { line, fingerprint } = parsePublicKey(Buffer.from(PublicKeyMaterial, "base64"));
    world.state.keyPairs.set(keyName, { keyName, fingerprint, publicKey: line });
    return { keyName, keyFingerprint: fingerprint };
  },
});
