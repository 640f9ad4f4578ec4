import { isCloudError } from "../cloudError.ts";
import { needed } from "../http/foreignAnswer.ts";
import { nothing } from "../http/nothing.ts";
import { type Filters, sdkFilters } from "./filters.ts";
import type { Send } from "./send.ts";

/** The cloud gives neither an id nor the public key back. */
export interface KeyPair {
  readonly keyName: string;
  readonly fingerprint: string;
}

export function keyPairCalls(send: Send) {
  return {
    describeKeyPairs: (filters: Filters<"fingerprint" | "key-name">): Promise<KeyPair[]> =>
      send(
        "DescribeKeyPairs",
        (sdk) => new sdk.DescribeKeyPairsCommand(sdkFilters(filters)),
        ({ KeyPairs = [] }) =>
          KeyPairs.map(({ KeyName, KeyFingerprint }) => ({
            keyName: needed(KeyName, "keyName"),
            fingerprint: needed(KeyFingerprint, "keyFingerprint"),
          })).toSorted((a, b) => a.keyName.localeCompare(b.keyName)),
      ),

    async findKeyPair(keyName: string): Promise<KeyPair | undefined> {
      try {
        const [pair] = await this.describeKeyPairs({ "key-name": [keyName] });
        return pair;
      } catch (error) {
        if (isCloudError(error, "InvalidKeyPair.NotFound")) return undefined;
        throw error;
      }
    },

    /** `ssh-rsa …` of 2048 or 4096 bits; everything else is `InvalidKey.Format`. */
    importKeyPair: (keyName: string, publicKey: string): Promise<KeyPair> =>
      send(
        "ImportKeyPair",
        (sdk) => new sdk.ImportKeyPairCommand({ KeyName: keyName, PublicKeyMaterial: Buffer.from(publicKey.trim()) }),
        ({ KeyFingerprint }) => ({ keyName, fingerprint: needed(KeyFingerprint, "keyFingerprint") }),
      ),

    /** An unknown key counts as success. */
    async deleteKeyPair(keyName: string): Promise<void> {
      await send("DeleteKeyPair", (sdk) => new sdk.DeleteKeyPairCommand({ KeyName: keyName }), nothing);
    },
  };
}
