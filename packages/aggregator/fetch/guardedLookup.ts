import { type LookupAddress, lookup as resolve } from "node:dns";
import type { LookupFunction } from "node:net";
import type { AddressPolicy } from "./addresses.ts";
import { FetchError } from "./errors.ts";

/**
 * Resolves a name and refuses it when *any* of its addresses is forbidden. node:http connects to what this returns, so
 * the address that was checked is the address that is connected to and DNS rebinding has no window.
 */
export function guardedLookup(policy: AddressPolicy): LookupFunction {
  return (hostName, options, callback) => {
    resolve(hostName, { family: options.family ?? 0, hints: options.hints ?? 0, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, "", 0);
      const bad = addresses.find(({ address }) => policy.refuses(hostName, address));
      if (bad !== undefined) return callback(blocked(hostName, bad.address), "", 0);
      answer(addresses, options.all === true, callback);
    });
  };
}

/** From Node 20 on, a connection asks for all addresses; before, for one. */
function answer(addresses: LookupAddress[], all: boolean, callback: Parameters<LookupFunction>[2]): void {
  const [first] = addresses;
  if (first === undefined) callback(Object.assign(new Error("no address"), { code: "ENODATA" }), "", 0);
  else if (all) callback(null, addresses);
  else callback(null, first.address, first.family);
}

/** The address itself is not part of the sentence: it would show readers the inside of the network. */
export function blocked(hostName: string, address: string): FetchError {
  return new FetchError("blocked-address", `${hostName} leads to an address inside a private network`, {
    cause: new Error(`refused address ${address}`),
  });
}
