import { action } from "./action.ts";

/** An unknown name is 200 with `return` false. Source: Corymbia/eucalyptus `KeyPairManager.java`. */
export const deleteKeyPair = action({
  name: "DeleteKeyPair",
  params: { KeyName: "string" },
  run: (world, { KeyName }) => ({ return: world.state.keyPairs.delete(KeyName) }),
});
