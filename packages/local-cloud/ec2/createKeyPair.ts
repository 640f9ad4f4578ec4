import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { action } from "./action.ts";
import { ASCII } from "./createSecurityGroup.ts";
import { invalidParameterValue, keyPairDuplicate, textTooLong } from "./errors.ts";
import { describeKey } from "./keyFormat.ts";

/** There is no key pair id. Source: Corymbia/eucalyptus `KeyPairManager.java`. */
export const createKeyPair = action({
  name: "CreateKeyPair",
  params: { KeyName: "string" },

  run(world, { KeyName: keyName }) {
    if (!ASCII.test(keyName)) {
      const rule = "Character sets beyond ASCII are not supported.";
      throw invalidParameterValue(`Value (${keyName}) for parameter KeyName is invalid. ${rule}`);
    }
    if (keyName.length > 255) throw textTooLong("CreateKeyPair");
    if (world.state.keyPairs.has(keyName)) throw keyPairDuplicate(keyName);
    const { privateKey } = generateKeyPairSync("rsa", {
      modulusLength: 2048,
      publicKeyEncoding: { type: "spki", format: "pem" },
      privateKeyEncoding: { type: "pkcs1", format: "pem" },
    });
    const { line, fingerprint } = describeKey(createPublicKey(privateKey));
    world.state.keyPairs.set(keyName, { keyName, fingerprint, publicKey: `${line} ${keyName}` });
    return { keyName, keyFingerprint: fingerprint, keyMaterial: privateKey };
  },
});
