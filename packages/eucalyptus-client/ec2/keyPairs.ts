import { isCloudError } from "../errors.ts";
import { type Filters, sdkFilters } from "./filters.ts";
import type { Send } from "./send.ts";

/** The cloud gives neither an id nor the public key back. */
export interface KeyPair {
  readonly keyName: string;
  readonly fingerprint: string;
}

export function keyPairCalls(send: Send) {
  return {
    async describeKeyPairs(filters: Filters<"fingerprint" | "key-name">): Promise<KeyPair[]> {
      const { KeyPairs = [] } = await send("DescribeKeyPairs", (sdk) => {
        return new sdk.DescribeKeyPairsCommand(sdkFilters(filters));
      });
      const found = KeyPairs.map(({ KeyName = "", KeyFingerprint = "" }) => ({
        keyName: KeyName,
        fingerprint: KeyFingerprint,
      }));
      return found.toSorted((a, b) => a.keyName.localeCompare(b.keyName));
    },

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
    async importKeyPair(keyName: string, publicKey: string): Promise<KeyPair> {
      const { KeyFingerprint = "" } = await send("ImportKeyPair", (sdk) => {
        return new sdk.ImportKeyPairCommand({ KeyName: keyName, PublicKeyMaterial: Buffer.from(publicKey.trim()) });
      });
      return { keyName, fingerprint: KeyFingerprint };
    },

    /** Deleting an unknown key is a good answer here. */
    async deleteKeyPair(keyName: string): Promise<void> {
      await send("DeleteKeyPair", (sdk) => new sdk.DeleteKeyPairCommand({ KeyName: keyName }));
    },
  };
}
