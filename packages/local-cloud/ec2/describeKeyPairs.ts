import type { KeyPair } from "../world/types.ts";
import { action, FILTER } from "./action.ts";
import { keyPairNotFound } from "./errors.ts";
import { applyFilters } from "./filters.ts";
import { withoutMagicId } from "./resourceIds.ts";

/** Source: Corymbia/eucalyptus `ComputeService.java`. */
export const describeKeyPairs = action({
  name: "DescribeKeyPairs",
  params: { KeyName: ["string"], Filter: FILTER },

  run(world, { KeyName, Filter }) {
    const names = withoutMagicId(KeyName);
    const missing = names.find((name) => !world.state.keyPairs.has(name));
    if (missing !== undefined) throw keyPairNotFound(missing);
    const asked = [...world.state.keyPairs.values()].filter(
      ({ keyName }) => names.length === 0 || names.includes(keyName),
    );
    const fields = {
      fingerprint: ({ fingerprint }: KeyPair) => fingerprint,
      "key-name": ({ keyName }: KeyPair) => keyName,
    };
    return {
      keySet: applyFilters(asked, Filter, fields).map(({ keyName, fingerprint }) => ({
        keyName,
        keyFingerprint: fingerprint,
      })),
    };
  },
});
